package chatql.kafka.streams;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records that derive from other records and keep their timestamps, unless the timestamp is ahead of the clock.
 * A broker rejects records that are more than an hour ahead ({@code message.timestamp.after.max.ms}), however often
 * they are retried.
 */
final class DerivedProducer extends KafkaProducer<byte[], byte[]> {
    private final InstantSource clock;

    DerivedProducer(Map<String, Object> settings, InstantSource clock) {
        super(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.clock = clock;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        return super.send(notAhead(record, clock.millis()), callback);
    }

    static ProducerRecord<byte[], byte[]> notAhead(ProducerRecord<byte[], byte[]> record, long now) {
        return record.timestamp() == null || record.timestamp() <= now
                ? record
                : new ProducerRecord<>(
                        record.topic(), record.partition(), now, record.key(), record.value(), record.headers());
    }
}
