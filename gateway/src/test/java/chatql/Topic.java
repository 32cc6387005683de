package chatql;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Another service that writes to the topic of messages, with a plain producer. */
public final class Topic implements AutoCloseable {
    private final String name;
    private final KafkaProducer<String, byte[]> producer;

    public Topic(World world, Map<String, Object> settings) {
        this.name = world.topic("messages");
        var all = new HashMap<String, Object>(settings);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.bootstrapServers());
        this.producer = new KafkaProducer<>(all, new StringSerializer(), new ByteArraySerializer());
    }

    public String name() {
        return name;
    }

    public KafkaProducer<String, byte[]> producer() {
        return producer;
    }

    public Future<RecordMetadata> send(String sender, String recipient, String content) {
        return producer.send(record(sender, recipient, content));
    }

    public Future<RecordMetadata> sendAgain(String sender, String recipient, String content, String clientMessageId) {
        var record = record(sender, recipient, content);
        record.headers().add("clientMessageId", clientMessageId.getBytes(StandardCharsets.UTF_8));
        return producer.send(record);
    }

    public Future<RecordMetadata> sendWith(
            String sender, String recipient, String content, Map<String, String> headers) {
        var record = record(sender, recipient, content);
        headers.forEach((header, value) -> record.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
        return producer.send(record);
    }

    /** The headers of the last record with that key. */
    public Map<String, String> headers(String key) {
        var settings = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                KafkaBroker.bootstrapServers(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            var headers = new HashMap<String, String>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (key.equals(record.key())) {
                        headers.clear();
                        record.headers()
                                .forEach(header ->
                                        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
                    }
                }
            }
            return headers;
        }
    }

    /** Writes as a service does that does not know the keys or the partitions. */
    public Future<RecordMetadata> sendAstray(
            @Nullable Integer partition, @Nullable String key, String sender, String recipient, String content) {
        return producer.send(new ProducerRecord<>(name, partition, key, value(sender, recipient, content)));
    }

    /** @param at the sender's clock, in milliseconds since 1970 */
    public Future<RecordMetadata> sendAt(long at, String sender, String recipient, String content) {
        return producer.send(new ProducerRecord<>(name, null, at, recipient, value(sender, recipient, content)));
    }

    public Future<RecordMetadata> sendRawAt(long at, String key, String value) {
        return producer.send(new ProducerRecord<>(name, null, at, key, value.getBytes(StandardCharsets.UTF_8)));
    }

    public Future<RecordMetadata> sendRaw(@Nullable String key, @Nullable String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        return producer.send(new ProducerRecord<>(name, key, bytes));
    }

    private ProducerRecord<String, byte[]> record(String sender, String recipient, String content) {
        return new ProducerRecord<>(name, recipient, value(sender, recipient, content));
    }

    private static byte[] value(String sender, String recipient, String content) {
        return JsonMapper.shared()
                .writeValueAsBytes(Map.of("senderId", sender, "recipientId", recipient, "content", content));
    }

    @Override
    public void close() {
        producer.close();
    }
}
