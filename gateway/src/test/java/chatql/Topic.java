package chatql;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
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

    private ProducerRecord<String, byte[]> record(String sender, String recipient, String content) {
        byte[] value = JsonMapper.shared()
                .writeValueAsBytes(Map.of("senderId", sender, "recipientId", recipient, "content", content));
        return new ProducerRecord<>(name, recipient, value);
    }

    @Override
    public void close() {
        producer.close();
    }
}
