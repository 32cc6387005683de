package chatql.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.tracing.MessageTracing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class DurableProducerTest {
    private static final Duration STEP = Duration.ofMillis(200);

    private final AtomicLong nanoTime = new AtomicLong();
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final Broker broker = new Broker();
    private final DurableProducer durableProducer =
            new DurableProducer(() -> broker, MessageTracing.NONE, nanoTime::get, timer);

    @AfterEach
    void end() {
        durableProducer.dispose();
    }

    /** A producer that accepts nothing while its broker is unavailable, as Kafka's does after a while. */
    private final class Broker extends MockProducer<String, byte[]> {
        private final AtomicInteger rejections = new AtomicInteger();
        private volatile boolean unavailable;
        private volatile boolean frozen;

        Broker() {
            super(false, new RoundRobinPartitioner(), new StringSerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
            if (!unavailable) {
                return super.send(record, callback);
            }
            if (!frozen) {
                nanoTime.addAndGet(STEP.toNanos());
            }
            rejections.incrementAndGet();
            callback.onCompletion(null, new TimeoutException("no metadata"));
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void appendsWithoutBrokerFailAtSameDeadlineAndAreNeverWritten() {
        broker.unavailable = true;
        broker.frozen = true;
        long begin = nanoTime.get();

        List<CompletableFuture<Long>> failures = IntStream.range(0, 4)
                .mapToObj(i -> append("v").handle((metadata, failure) -> failure == null ? -1 : nanoTime.get() - begin))
                .toList();
        broker.frozen = false;
        await().until(() -> failures.stream().allMatch(CompletableFuture::isDone));
        broker.unavailable = false;
        CompletableFuture<RecordMetadata> after = append("after");
        await().until(broker::completeNext);

        assertThat(failures)
                .allSatisfy(failed -> assertThat(Duration.ofNanos(failed.join()))
                        .isBetween(DurableProducer.DEADLINE, DurableProducer.DEADLINE.plus(STEP.multipliedBy(2))));
        assertThat(after).succeedsWithin(Duration.ofSeconds(5));
        assertThat(broker.history())
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly("after");
    }

    @Test
    void appendIsWrittenWhenBrokerRecoversBeforeDeadline() {
        broker.unavailable = true;
        broker.frozen = true;
        CompletableFuture<RecordMetadata> first = append("first");
        CompletableFuture<RecordMetadata> second = append("second");
        await().until(() -> broker.rejections.get() > 2);
        broker.unavailable = false;
        await().until(() -> broker.completeNext() || first.isDone());
        await().until(() -> broker.completeNext() || second.isDone());

        assertThat(first).succeedsWithin(Duration.ofSeconds(5));
        assertThat(second).succeedsWithin(Duration.ofSeconds(5));
        assertThat(broker.history())
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly("first", "second");
    }

    @Test
    void waitingAppendFailsAtDeadlineThoughProducerStillHoldsIt() {
        broker.unavailable = true;
        broker.frozen = true;
        CompletableFuture<RecordMetadata> late = append("late");
        await().until(() -> broker.rejections.get() > 0);
        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        broker.unavailable = false;
        await().until(() -> broker.history().size() == 1);
        // The timer is set after the record is sent.
        await().until(() -> {
            timer.advanceTimeBy(Duration.ofMillis(100));
            return late.isDone();
        });

        assertThat(late).isCompletedExceptionally();
        assertThat(broker.completeNext()).isTrue();
    }

    @Test
    void waitingAppendsAreBoundedInBytes() {
        broker.unavailable = true;
        broker.frozen = true;
        String large = "x".repeat(16 << 10);
        long maxWaiting = DurableProducer.WAITING_BYTES / (16 << 10);
        List<CompletableFuture<RecordMetadata>> waiting = new ArrayList<>();
        CompletableFuture<RecordMetadata> last;
        do {
            last = append(large);
            waiting.add(last);
        } while (!last.isCompletedExceptionally() && waiting.size() <= maxWaiting);

        assertThat(last)
                .failsWithin(Duration.ofSeconds(1))
                .withThrowableThat()
                .withCauseInstanceOf(RejectedExecutionException.class);
        assertThat(waiting.size()).isGreaterThan((int) maxWaiting / 8);
        assertThat(waiting.subList(0, waiting.size() - 1)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void appendInFlightAtShutdownFailsSoon() {
        CompletableFuture<RecordMetadata> inFlight = append("1");
        await().until(() -> broker.history().size() == 1);

        durableProducer.leave();
        timer.advanceTimeBy(DurableProducer.SHUTDOWN_TIMEOUT.minusMillis(1));
        assertThat(broker.closed()).isFalse();
        timer.advanceTimeBy(Duration.ofMillis(1));

        assertThat(broker.closed()).isTrue();
        assertThat(append("2")).failsWithin(Duration.ofSeconds(5));
        assertThat(broker.history()).hasSize(1);
        // Kafka's own producer fails its pending records when it is closed.
        assertThat(inFlight).isNotCompleted();
    }

    @Test
    void appendWaitingAtShutdownFails() {
        broker.unavailable = true;
        broker.frozen = true;
        CompletableFuture<RecordMetadata> sending = append("1");
        CompletableFuture<RecordMetadata> waiting = append("2");
        await().until(() -> broker.rejections.get() > 1);

        durableProducer.dispose();
        nanoTime.addAndGet(DurableProducer.DEADLINE.toNanos());

        assertThat(waiting).failsWithin(Duration.ofSeconds(5));
        assertThat(sending).failsWithin(Duration.ofSeconds(5));
        assertThat(broker.history()).isEmpty();
    }

    private CompletableFuture<RecordMetadata> append(String value) {
        return durableProducer
                .append(new ProducerRecord<>("topic", "key", value.getBytes(StandardCharsets.UTF_8)))
                .toFuture();
    }
}
