package chatql.graphql.transport.connection;

import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Gauges of open connections and live subscriptions, per transport. */
public record ConnectionMetrics(ConnectionRegistry connectionRegistry) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        for (Transport transport : Transport.values()) {
            String label = TransportMetrics.label(transport);
            Meters.SUBSCRIPTIONS_LIVE.gauge(registry, connectionRegistry, all -> all.subscriptions(transport), label);
            Meters.CONNECTIONS_OPEN.gauge(registry, connectionRegistry, all -> all.open(transport), label);
        }
    }
}
