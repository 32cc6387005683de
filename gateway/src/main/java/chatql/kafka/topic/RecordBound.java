package chatql.kafka.topic;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The broker's limit of the decompressed size of a record in a topic. Kafka's consumer allocates a whole record before
 * any code can check its size. Only a broker can reject a record that does not fit the heap.
 *
 * @param configured {@link #CONFIG} of the topic; null if the brokers do not know it
 */
record RecordBound(String topic, @Nullable String configured) {
    /** Known to Kafka 4.2.2, and to 4.4.0 and later. */
    static final String CONFIG = "max.decompressed.message.bytes";

    /** Leaves room for records that are too large for a message, which are dead-lettered. */
    static final int BYTES = 8 << 20;

    /** The risk, as a sentence with its remedy. */
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
