package chatql.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Another service that writes to the topic of messages. */
final class KafkaSide {
    private static final int UNSUBSCRIBED = 10_000;
    private static final int PARTNERS = 10;

    /** The maximum number of unacknowledged records: one partition must not be ahead of the others by more. */
    private static final int UNDER_WAY = 1_000;

    private static KafkaProducer<String, byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        1 << 17),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    Outcome noise(Task.Noise noise) {
        try (var producer = producer(noise.bootstrapServers())) {
            Tally tally = Tally.begun();
            long all = Math.round(noise.rate() * noise.seconds());
            var schedule = new Schedule(System.nanoTime(), noise.rate());
            for (long sent = 0; sent < all; ) {
                for (long due = schedule.due(System.nanoTime(), all); sent < due; sent++) {
                    producer.send(message(noise.topic(), "sender", "unsubscribed-" + sent % UNSUBSCRIBED, sent));
                }
                LockSupport.parkNanos(500_000);
            }
            producer.flush();
            return tally.end(all);
        }
    }

    /**
     * Writes half of the messages from the user and half to the user, in turns with each partner; the log has that
     * order, too.
     */
    void fill(Task.Fill fill) {
        try (var producer = producer(fill.bootstrapServers())) {
            for (int i = 0; i < fill.messages(); i++) {
                String partner = partner(i);
                producer.send(
                        i % 2 == 0
                                ? message(fill.topic(), fill.user(), partner, i)
                                : message(fill.topic(), partner, fill.user(), i));
                if ((i + 1) % UNDER_WAY == 0) {
                    producer.flush();
                }
            }
        }
    }

    /** The partner of the message of that number. */
    static String partner(int message) {
        return "partner-" + message / 2 % PARTNERS;
    }

    private static ProducerRecord<String, byte[]> message(String topic, String sender, String recipient, long number) {
        String value = "{\"senderId\":\"" + sender + "\",\"recipientId\":\"" + recipient + "\",\"content\":\""
                + Delivery.content((int) number, 0) + "\"}";
        return new ProducerRecord<>(topic, recipient, value.getBytes(StandardCharsets.UTF_8));
    }
}
