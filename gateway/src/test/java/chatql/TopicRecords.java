package chatql;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the records of a topic. */
public final class TopicRecords {
    private TopicRecords() {}

    /** All records, once there are at least {@code atLeast}. */
    public static List<ConsumerRecord<byte[], byte[]>> all(String topic, int atLeast) {
        return all(KafkaBroker.bootstrapServers(), topic, atLeast);
    }

    /** As {@link #all(String, int)}, of another broker. */
    public static List<ConsumerRecord<byte[], byte[]>> all(String bootstrapServers, String topic, int atLeast) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            await(atLeast + " records in " + topic)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                        return records.size() >= atLeast
                                && consumer.endOffsets(places).entrySet().stream()
                                        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
                    });
        }
        return records;
    }

    public static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    public static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : text(header.value());
    }
}
