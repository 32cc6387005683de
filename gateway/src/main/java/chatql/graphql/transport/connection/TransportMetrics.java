package chatql.graphql.transport.connection;

import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.graphql.transport.request.SubscriptionEvent;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Meters of the subscriptions over one transport. Meters that are used per event are looked up once, in the
 * constructor.
 */
public final class TransportMetrics {
    private final MeterRegistry registry;
    private final Clock clock;
    private final String transport;
    private final Counter started;
    private final Counter live;
    private final Counter earlier;
    private final Timer delay;

    public TransportMetrics(MeterRegistry registry, Clock clock, Transport transport) {
        this.registry = registry;
        this.clock = clock;
        this.transport = label(transport);
        this.started = Meters.SUBSCRIPTIONS_STARTED.counter(registry, this.transport);
        this.live = Meters.MESSAGES_DELIVERED.counter(registry, this.transport, "live");
        this.earlier = Meters.MESSAGES_DELIVERED.counter(registry, this.transport, "history");
        this.delay = Meters.DELIVERY_DELAY.timer(registry, this.transport);
    }

    static String label(Transport transport) {
        return transport.name().toLowerCase(Locale.ROOT);
    }

    void started() {
        started.increment();
    }

    void ended(EndReason endReason) {
        Meters.SUBSCRIPTIONS_ENDED
                .counter(registry, transport, endReason.reason())
                .increment();
    }

    /** @param happened as a {@link SubscriptionEvent} says */
    void delivered(long happened) {
        if (happened == SubscriptionEvent.EARLIER) {
            earlier.increment();
        } else {
            live.increment();
            // Negative where the clocks differ: recorded as zero, because a timer ignores negative values.
            delay.record(Math.max(0, clock.millis() - happened), TimeUnit.MILLISECONDS);
        }
    }
}
