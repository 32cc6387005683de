package chatql.kafka;

import chatql.message.Message;
import chatql.tracing.MessageTraces;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.kafka.sender.KafkaSender;
import reactor.kafka.sender.SenderOptions;
import reactor.kafka.sender.SenderRecord;

/** Writes records, each durable in all in-sync replicas before it is acknowledged. */
final class Appender implements Disposable {
    /** How many appends may wait for the producer, which blocks while it knows no broker. */
    private static final int WAITING = 10_000;

    private final KafkaSender<String, byte[]> sender;
    private final MessageTraces traces;
    /** Sending may block, so that it never happens on a caller's thread; one thread keeps a caller's order. */
    private final Scheduler scheduler = Schedulers.newBoundedElastic(1, WAITING, "append");

    Appender(SenderOptions<String, byte[]> options, MessageTraces traces) {
        this.traces = traces;
        this.sender = KafkaSender.create(options.stopOnError(true));
    }

    /** Where the record stands. Errors when it wasn't acknowledged within the delivery timeout. */
    Mono<RecordMetadata> append(ProducerRecord<String, byte[]> record) {
        return traces.sent(
                record.topic(),
                (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.US_ASCII)),
                at -> Message.id(at.partition(), at.offset()),
                // Not before they are there: the headers are copied.
                Mono.defer(() -> send(record)));
    }

    private Mono<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
        return sender.send(Mono.just(SenderRecord.create(record, record)))
                .next()
                .<RecordMetadata>handle((result, sink) -> {
                    if (result.exception() == null) {
                        sink.next(result.recordMetadata());
                    } else {
                        sink.error(result.exception());
                    }
                })
                .subscribeOn(scheduler);
    }

    @Override
    public void dispose() {
        sender.close();
        scheduler.dispose();
    }
}
