package chatql.graphql.transport;

import chatql.graphql.transport.Connections.Transport;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How many are connected and listen. */
record ConnectionMetrics(Connections connections) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        for (Transport transport : Transport.values()) {
            String label = Traffic.label(transport);
            Meters.SUBSCRIPTIONS_LIVE.gauge(registry, connections, all -> all.subscriptions(transport), label);
            Meters.CONNECTIONS_OPEN.gauge(registry, connections, all -> all.open(transport), label);
        }
    }
}
