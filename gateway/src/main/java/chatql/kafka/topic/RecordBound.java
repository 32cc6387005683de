package chatql.kafka.topic;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The most bytes to which brokers let a record of a topic unpack. Kafka's consumer allocates a record whole before anything
 * can look at it, so only a broker can refuse one that does not fit the heap.
 *
 * @param configured {@link #CONFIG} of the topic; null where the brokers do not know it
 */
record RecordBound(String topic, @Nullable String configured) {
    /** Kafka 4.2.2 and 4.4.0 and later know it. */
    static final String CONFIG = "max.decompressed.message.bytes";

    /** Room for records that are too large for a message: those end as dead letters. */
    static final int BYTES = 8 << 20;

    /** What is wrong, and what to do about it. */
    Optional<String> warning() {
        if (configured == null) {
            return Optional.of(
                    "Topic %s: the brokers do not know %s, so one record that unpacks to more than the heap ends every pod; use Kafka 4.4.0 or later, or let only trusted services produce"
                            .formatted(topic, CONFIG));
        }
        return Long.parseLong(configured) <= BYTES
                ? Optional.empty()
                : Optional.of(
                        "Topic %s has %s=%s, so one record that unpacks to more than the heap ends every pod; set it to %d with kafka-configs"
                                .formatted(topic, CONFIG, configured, BYTES));
    }
}
