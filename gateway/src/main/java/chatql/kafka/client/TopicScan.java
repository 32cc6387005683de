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
 * A topic, read from its beginning to the end that it has when it is asked for: what is committed of it.
 *
 * @param settings of a consumer of bytes that belongs to no group
 */
public record TopicScan(Map<String, Object> settings, String topic) {
    private static final Duration POLL = Duration.ofSeconds(1);

    /** In which a broker that is there gives something. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Reads on the caller's thread.
     *
     * @throws KafkaUnresponsive when nothing more comes
     */
    public void read(Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> each) {
        try (var consumer = new BoundedConsumer<>(settings, new ByteArrayDeserializer(), PollBudget.ofForeign())) {
            List<TopicPartition> all = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long asked = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                var records = consumer.poll(POLL);
                asked = records.isEmpty() ? asked : System.nanoTime();
                if (System.nanoTime() - asked > PATIENCE.toNanos()) {
                    throw new KafkaUnresponsive(new TimeoutException("no end of " + topic));
                }
                records.forEach(each);
            }
        }
    }
}
