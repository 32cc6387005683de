package chatql.kafka.client;

import chatql.kafka.failure.KafkaUnresponsive;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic from its beginning to its end as of the call: all committed records.
 *
 * @param settings of a consumer of bytes without a group
 */
public record TopicScan(Map<String, Object> settings, String topic) {
    private static final Duration POLL = Duration.ofSeconds(1);

    /** The time in which an available broker returns a record. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /**
     * Reads the topic on the caller's thread.
     *
     * @throws KafkaUnresponsive if no further record arrives in time
     */
    public void read(Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> each) {
        try (var consumer = new BoundedConsumer<>(settings, new ByteArrayDeserializer(), PollBudget.ofForeign())) {
            List<TopicPartition> all = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long lastProgress = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                var records = consumer.poll(POLL);
                lastProgress = records.isEmpty() ? lastProgress : System.nanoTime();
                if (System.nanoTime() - lastProgress > TIMEOUT.toNanos()) {
                    throw new KafkaUnresponsive(new TimeoutException("the end of " + topic + " was not reached"));
                }
                records.forEach(each);
            }
        }
    }
}
