package chatql.graphql.transport.connection;

import chatql.graphql.transport.connection.Connections.Transport;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How many are connected and listen. */
public record ConnectionMetrics(Connections connections) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        for (Transport transport : Transport.values()) {
            String label = Traffic.label(transport);
            Meters.SUBSCRIPTIONS_LIVE.gauge(registry, connections, all -> all.subscriptions(transport), label);
            Meters.CONNECTIONS_OPEN.gauge(registry, connections, all -> all.open(transport), label);
        }
    }
}
