package chatql.kafka;

import chatql.message.Message;
import chatql.tracing.MessageTraces;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Writes records, each durable in all in-sync replicas before it is acknowledged. */
final class Appender implements Disposable {
    /** How many appends may wait for the producer, which blocks while it knows no broker. */
    private static final int WAITING = 10_000;

    private final Map<String, Object> settings;
    private final MessageTraces traces;
    /** Sending may block, so that it never happens on a caller's thread; one thread keeps a caller's order. */
    private final ExecutorService sending = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("append").daemon().factory());

    private volatile @Nullable Producer<String, byte[]> producer;

    /** Connects with its first record, so that it costs nothing where nothing is written. */
    Appender(Map<String, Object> settings, MessageTraces traces) {
        this.settings = settings;
        this.traces = traces;
    }

    /** Where the record stands. Errors when it wasn't acknowledged within the delivery timeout. */
    Mono<RecordMetadata> append(ProducerRecord<String, byte[]> record) {
        return traces.sent(
                record.topic(),
                (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.US_ASCII)),
                at -> Message.id(at.partition(), at.offset()),
                send(record));
    }

    private Mono<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
        return Mono.create(answer -> sending.execute(() -> send(record, answer)));
    }

    private void send(ProducerRecord<String, byte[]> record, MonoSink<RecordMetadata> answer) {
        try {
            producer().send(record, (place, failure) -> {
                if (failure == null) {
                    answer.success(place);
                } else {
                    answer.error(failure);
                }
            });
        } catch (RuntimeException failure) {
            answer.error(failure);
        }
    }

    private Producer<String, byte[]> producer() {
        Producer<String, byte[]> known = producer;
        return known == null ? connected() : known;
    }

    private synchronized Producer<String, byte[]> connected() {
        Producer<String, byte[]> known = producer;
        if (known == null) {
            known = new KafkaProducer<>(settings);
            producer = known;
        }
        return known;
    }

    /** Fails what is under way, and asks Kafka for nothing more until the next record comes. */
    synchronized void disconnect() {
        Producer<String, byte[]> known = producer;
        producer = null;
        if (known != null) {
            known.close(Duration.ZERO);
        }
    }

    @Override
    public synchronized void dispose() {
        Producer<String, byte[]> known = producer;
        if (known != null) {
            known.close();
        }
        sending.shutdownNow();
    }
}
