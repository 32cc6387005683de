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
 * A producer whose records are durable on all in-sync replicas before they are acknowledged. An append completes or
 * fails within the deadline, which starts with the call. A record that is overdue before Kafka's producer accepts it is
 * never written.
 */
public final class DurableProducer implements Disposable {
    private static final Logger LOG = LoggerFactory.getLogger(DurableProducer.class);

    /** From the call to its result. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    /** How many appends may wait for Kafka's producer, which accepts none while it knows no broker. */
    private static final int MAX_WAITING = 10_000;

    /**
     * How many bytes of memory they may take: those of the record, of its source text, and of the request that waits
     * for it.
     */
    static final long WAITING_BYTES = 8 << 20;

    /** What an append takes in addition to its record's value, in bytes. */
    private static final int OVERHEAD_BYTES = 1_024;

    /** The value, the text from which it was encoded, and the request from which that was read. */
    private static final int COPIES = 4;

    /** An append that has waited less than this relies on the producer's own timeout for its deadline. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(500);

    /** Records that the producer has accepted are acknowledged within this time if a broker is available. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** How long a gateway that shuts down waits for a broker that may be down, too. */
    static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

    private final Supplier<Producer<String, byte[]>> producers;
    private final MessageTracing traces;
    private final LongSupplier nanoTime;
    private final Scheduler timer;
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Sends on a thread of its own, because a send may block. A single thread keeps the order of each caller's records. */
    private final ThreadPoolExecutor sending = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("append").daemon().factory());

    private volatile @Nullable Producer<String, byte[]> producer;
    private volatile boolean shutDown;

    /** Creates the producer with the first record, so that an unused instance costs nothing. */
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

    /** Connects now and fetches the topics' metadata, so that the first append does not wait for it. */
    public void prepare(List<String> topics) {
        sending.execute(() -> topics.forEach(this::prepare));
    }

    private void prepare(String topic) {
        try {
            producer().partitionsFor(topic);
        } catch (RuntimeException unavailable) {
            LOG.debug("No metadata of topic {} yet; the first append requests it again", topic, unavailable);
        }
    }

    /**
     * Appends the record and emits its position. Errors if it is not acknowledged within {@link #DEADLINE}, and at once
     * if too many appends are waiting.
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
            append.fail(new RejectedExecutionException("Too many bytes are waiting for the broker"));
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
        private final long started;
        private final long bytes;
        private final AtomicBoolean answered = new AtomicBoolean();

        Append(ProducerRecord<String, byte[]> record, MonoSink<RecordMetadata> answer, long started) {
            this.record = record;
            this.answer = answer;
            this.started = started;
            byte @Nullable [] value = record.value();
            this.bytes = OVERHEAD_BYTES + (value == null ? 0 : (long) COPIES * value.length);
        }

        /** Runs appends in the order of their calls, which is also that of their deadlines. */
        @Override
        public void run() {
            try {
                while (!shutDown && waited().compareTo(DEADLINE) < 0) {
                    if (trySend()) {
                        return;
                    }
                }
                fail(new TimeoutException("The producer did not accept the record within the deadline"));
            } catch (RuntimeException failure) {
                fail(failure);
            } finally {
                leaveQueue();
            }
        }

        private boolean trySend() {
            var attempt = new Attempt(this);
            producer().send(record, attempt);
            if (!attempt.rejected && waited().compareTo(SHORT_WAIT) > 0) {
                Duration remaining = DEADLINE.minus(waited());
                timer.schedule(
                        () -> fail(new TimeoutException("Not acknowledged in " + DEADLINE)),
                        remaining.toMillis(),
                        TimeUnit.MILLISECONDS);
            }
            return !attempt.rejected;
        }

        private Duration waited() {
            return Duration.ofNanos(nanoTime.getAsLong() - started);
        }

        private void leaveQueue() {
            waitingBytes.addAndGet(-bytes);
        }

        private void succeed(RecordMetadata metadata) {
            if (answered.compareAndSet(false, true)) {
                answer.success(metadata);
            }
        }

        private void fail(Exception failure) {
            if (answered.compareAndSet(false, true)) {
                answer.error(failure);
            }
        }
    }

    /**
     * One attempt to pass an append to Kafka's producer. A rejection arrives on the calling thread, a later failure on
     * another one.
     */
    private static final class Attempt implements Callback {
        private final Append append;
        private final Thread caller = Thread.currentThread();
        private volatile boolean rejected;

        Attempt(Append append) {
            this.append = append;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure instanceof TimeoutException && Thread.currentThread().equals(caller)) {
                // The producer knows no broker, or its buffer is full. A retry may succeed.
                rejected = true;
            } else if (failure != null) {
                append.fail(failure);
            } else if (metadata != null) {
                append.succeed(metadata);
            }
        }
    }

    private Producer<String, byte[]> producer() {
        Producer<String, byte[]> current = producer;
        return current == null ? connected() : current;
    }

    private synchronized Producer<String, byte[]> connected() {
        Producer<String, byte[]> current = producer;
        if (current == null) {
            current = producers.get();
            producer = current;
        }
        return current;
    }

    /** Fails all pending appends. The producer sends no requests until the next record. */
    public synchronized void disconnect() {
        Producer<String, byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(Duration.ZERO);
        }
    }

    /** Gives pending appends a little time: the web server's shutdown waits for the requests that wait for them. */
    void leave() {
        timer.schedule(this::shutDownNow, SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void shutDownNow() {
        shutDown = true;
        Producer<String, byte[]> current = producer;
        if (current != null) {
            current.close(Duration.ZERO);
        }
    }

    /** Fails the appends that the producer has not accepted. They are never written. */
    @Override
    public synchronized void dispose() {
        sending.shutdownNow().forEach(waiting -> {
            if (waiting instanceof Append append) {
                append.fail(new RejectedExecutionException("The gateway shuts down"));
            }
        });
        Producer<String, byte[]> current = producer;
        if (current != null) {
            current.close(CLOSE_TIMEOUT);
        }
    }
}
