package chatql.graphql;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The messages that were not said.
 *
 * @param invalid for their sender's fault
 * @param unavailable for the log did not acknowledge them
 */
record RejectedMessageCounters(Counter invalid, Counter unavailable) {
    static RejectedMessageCounters counted(MeterRegistry registry) {
        return new RejectedMessageCounters(
                Meters.MESSAGES_REFUSED.counter(registry, "invalid"),
                Meters.MESSAGES_REFUSED.counter(registry, "unavailable"));
    }
}
