package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.message.Message;
import chatql.user.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Subscribers on threads of their own that disconnect and resume repeatedly, while another thread appends messages. */
final class ConcurrentRound {
    private static final String LAST_CONTENT = "goodbye";
    private static final List<UserId> USERS = IntStream.range(0, 10)
            .mapToObj(number -> new UserId("user" + number))
            .toList();

    private final Random chance;
    private final MemoryLog log = new MemoryLog(2);
    private final MemoryTap tap;
    private final MemoryHistory history;
    private final Subscriptions subscriptions;
    private final Semaphore received = new Semaphore(0);

    ConcurrentRound(long seed, Scheduler threads) {
        this.chance = new Random(seed);
        this.tap = new MemoryTap(log, new BufferLimits(3, 1 << 20, new BufferMemory(5_000)), threads);
        this.history = new MemoryHistory(log, 5, threads);
        this.subscriptions = new Subscriptions(log, tap, history, Duration.ofMinutes(1), new PageBuffer(3_000));
    }

    private record Read(UserId user, List<Message> messages) {}

    /** Returns the number of joins until every subscriber has received its messages. */
    long run(int readers, int messages) throws Exception {
        CompletableFuture<List<Read>> reads = Flux.range(0, readers)
                .flatMap(number -> read(USERS.get(number % USERS.size())), readers)
                .collectList()
                .toFuture();
        for (int i = 0; i < messages; i++) {
            log.say(USERS.get(chance.nextInt(USERS.size())), "message");
            runRandomStep();
            awaitReaders(readers / USERS.size());
        }
        USERS.forEach(user -> log.say(user, LAST_CONTENT));
        catchUp();
        assertThat(reads.get(30, TimeUnit.SECONDS))
                .hasSize(readers)
                .allSatisfy(read -> assertThat(read.messages()).isEqualTo(log.to(read.user(), 0)));
        await().untilAsserted(() -> assertThat(tap.listening() + tap.interested())
                .as("registered or about to register after all subscribers stopped")
                .isZero());
        return tap.joins();
    }

    /** Reads from the oldest message to the last one, with many interruptions. */
    private Mono<Read> read(UserId user) {
        var position = new AtomicReference<StartPosition>(new StartPosition.Earliest());
        var ended = new AtomicReference<>(false);
        return Flux.defer(() -> readSome(user, position.get()))
                .doOnNext(message -> received.release())
                .doOnNext(message -> position.set(new StartPosition.After(message.cursor())))
                .doOnNext(message -> ended.set(message.content().equals(LAST_CONTENT)))
                .repeat(() -> !ended.get())
                .collectList()
                .map(messages -> new Read(user, messages));
    }

    private Flux<Message> readSome(UserId user, StartPosition startPosition) {
        ThreadLocalRandom any = ThreadLocalRandom.current();
        return subscriptions
                .events(user, startPosition, new MessageEvents())
                .limitRate(any.nextInt(1, 5))
                .takeUntil(message -> message.content().equals(LAST_CONTENT))
                .take(any.nextInt(1, 30));
    }

    private void runRandomStep() {
        int partition = chance.nextInt(log.partitions());
        switch (chance.nextInt(50)) {
            case 0 -> tap.lose(partition);
            case 1 -> tap.rest();
            case 2, 3, 4 -> history.follow(partition, log.end(partition));
            default -> tap.read(partition, chance.nextInt(4));
        }
    }

    /** Waits for the subscribers, so that they join repeatedly while the log grows. */
    private void awaitReaders(int messages) throws InterruptedException {
        received.tryAcquire(messages, 1, TimeUnit.MILLISECONDS);
    }

    private void catchUp() {
        for (int partition = 0; partition < log.partitions(); partition++) {
            history.follow(partition, log.end(partition));
            tap.read(partition, Integer.MAX_VALUE);
        }
    }
}
