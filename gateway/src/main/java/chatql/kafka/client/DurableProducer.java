package chatql.kafka.client;

import chatql.message.Message;
import chatql.tracing.MessageTracing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes records, each durable in all in-sync replicas before it is acknowledged. An append has its answer within the
 * deadline, which begins when it is asked for; one that is overdue before the producer takes it is never written.
 */
public final class DurableProducer implements Disposable {
    private static final Logger LOG = LoggerFactory.getLogger(DurableProducer.class);

    /** From the question to the answer. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    /** How many appends may wait for the producer, which takes none while it knows no broker. */
    private static final int WAITING = 10_000;

    /** And how many bytes of memory: of the record, of what it was made from, and of who waits for it. */
    static final long WAITING_BYTES = 8 << 20;

    /** What an append takes beside its record's value. */
    private static final int OVERHEAD = 1_024;

    /** The value, the text that it was made of, and the request that this was read from. */
    private static final int COPIES = 4;

    /** An append that waited for less is within its deadline as the producer's own timeout has it. */
    private static final Duration SHORT = Duration.ofMillis(500);

    /** What was taken is acknowledged in this time, if a broker is there. */
    private static final Duration MAX_CLOSE_TIME = Duration.ofSeconds(1);

    /** A gateway that leaves doesn't wait for a broker that has left, too. */
    static final Duration LEAVING = Duration.ofSeconds(2);

    private final Supplier<Producer<String, byte[]>> producers;
    private final MessageTracing traces;
    private final LongSupplier nanoTime;
    private final Scheduler timer;
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Sending may block, so that it never happens on a caller's thread; one thread keeps a caller's order. */
    private final ThreadPoolExecutor sending = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("append").daemon().factory());

    private volatile @Nullable Producer<String, byte[]> producer;
    private volatile boolean left;

    /** Connects with its first record, so that it costs nothing where nothing is written. */
    public DurableProducer(Map<String, Object> settings, MessageTracing traces) {
        this(() -> new KafkaProducer<>(settings), traces, System::nanoTime, Schedulers.parallel());
    }

    DurableProducer(
            Supplier<Producer<String, byte[]>> producers,
            MessageTracing traces,
            LongSupplier nanoTime,
            Scheduler timer) {
        this.producers = producers;
        this.traces = traces;
        this.nanoTime = nanoTime;
        this.timer = timer;
    }

    /** Connects now and asks where the topics are, so that the first append need not wait for it. */
    public void prepare(List<String> topics) {
        sending.execute(() -> topics.forEach(this::prepare));
    }

    private void prepare(String topic) {
        try {
            producer().partitionsFor(topic);
        } catch (RuntimeException away) {
            LOG.debug("Where {} is can't be told now: the first append asks again", topic, away);
        }
    }

    /**
     * Where the record stands. Errors when it wasn't acknowledged within {@link #DEADLINE}, and at once when too much waits
     * already.
     */
    public Mono<RecordMetadata> append(ProducerRecord<String, byte[]> record) {
        return traces.send(
                record.topic(),
                (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.US_ASCII)),
                at -> Message.id(at.partition(), at.offset()),
                send(record));
    }

    private Mono<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
        return Mono.create(answer -> enqueue(new Append(record, answer, nanoTime.getAsLong())));
    }

    private void enqueue(Append append) {
        if (waitingBytes.addAndGet(append.bytes) > WAITING_BYTES) {
            append.leaveQueue();
            append.fail(new RejectedExecutionException("Too much waits for the broker"));
            return;
        }
        try {
            sending.execute(append);
        } catch (RejectedExecutionException full) {
            append.leaveQueue();
            append.fail(full);
        }
    }

    private final class Append implements Runnable {
        private final ProducerRecord<String, byte[]> record;
        private final MonoSink<RecordMetadata> answer;
        private final long asked;
        private final long bytes;
        private final AtomicBoolean answered = new AtomicBoolean();

        Append(ProducerRecord<String, byte[]> record, MonoSink<RecordMetadata> answer, long asked) {
            this.record = record;
            this.answer = answer;
            this.asked = asked;
            byte @Nullable [] value = record.value();
            this.bytes = OVERHEAD + (value == null ? 0 : (long) COPIES * value.length);
        }

        /** Appends are run in the order in which they were asked for, and so in that of their deadlines. */
        @Override
        public void run() {
            try {
                while (!left && waited().compareTo(DEADLINE) < 0) {
                    if (isTaken()) {
                        return;
                    }
                }
                fail(new TimeoutException("The broker did not take the record"));
            } catch (RuntimeException failure) {
                fail(failure);
            } finally {
                leaveQueue();
            }
        }

        private boolean isTaken() {
            var attempt = new Attempt(this);
            producer().send(record, attempt);
            if (!attempt.refused && waited().compareTo(SHORT) > 0) {
                Duration left = DEADLINE.minus(waited());
                timer.schedule(
                        () -> fail(new TimeoutException("Not acknowledged in " + DEADLINE)),
                        left.toMillis(),
                        TimeUnit.MILLISECONDS);
            }
            return !attempt.refused;
        }

        private Duration waited() {
            return Duration.ofNanos(nanoTime.getAsLong() - asked);
        }

        private void leaveQueue() {
            waitingBytes.addAndGet(-bytes);
        }

        private void succeed(RecordMetadata place) {
            if (answered.compareAndSet(false, true)) {
                answer.success(place);
            }
        }

        private void fail(Exception failure) {
            if (answered.compareAndSet(false, true)) {
                answer.error(failure);
            }
        }
    }

    /** One try to have the producer take an append. It is refused on the caller's thread, and fails later on another. */
    private static final class Attempt implements Callback {
        private final Append append;
        private final Thread caller = Thread.currentThread();
        private volatile boolean refused;

        Attempt(Append append) {
            this.append = append;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata place, @Nullable Exception failure) {
            if (failure instanceof TimeoutException && Thread.currentThread().equals(caller)) {
                // It knows no broker or has no room: after a moment, it may.
                refused = true;
            } else if (failure != null) {
                append.fail(failure);
            } else if (place != null) {
                append.succeed(place);
            }
        }
    }

    private Producer<String, byte[]> producer() {
        Producer<String, byte[]> known = producer;
        return known == null ? connected() : known;
    }

    private synchronized Producer<String, byte[]> connected() {
        Producer<String, byte[]> known = producer;
        if (known == null) {
            known = producers.get();
            producer = known;
        }
        return known;
    }

    /** Fails what is under way, and asks Kafka for nothing more until the next record comes. */
    public synchronized void disconnect() {
        Producer<String, byte[]> known = producer;
        producer = null;
        if (known != null) {
            known.close(Duration.ZERO);
        }
    }

    /** What is under way has a little time left: the requests that wait for it hold up the web server's end. */
    void leave() {
        timer.schedule(this::leaveNow, LEAVING.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void leaveNow() {
        left = true;
        Producer<String, byte[]> known = producer;
        if (known != null) {
            known.close(Duration.ZERO);
        }
    }

    /** What has not been taken by then is not written. */
    @Override
    public synchronized void dispose() {
        sending.shutdownNow().forEach(waiting -> {
            if (waiting instanceof Append append) {
                append.fail(new RejectedExecutionException("The gateway leaves"));
            }
        });
        Producer<String, byte[]> known = producer;
        if (known != null) {
            known.close(MAX_CLOSE_TIME);
        }
    }
}
