package chatql.graphql;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts messages that were not sent.
 *
 * @param invalid rejected because of their sender's input
 * @param unavailable not acknowledged by the log
 */
record RejectedMessageCounters(Counter invalid, Counter unavailable) {
    static RejectedMessageCounters counted(MeterRegistry registry) {
        return new RejectedMessageCounters(
                Meters.MESSAGES_REFUSED.counter(registry, "invalid"),
                Meters.MESSAGES_REFUSED.counter(registry, "unavailable"));
    }
}
