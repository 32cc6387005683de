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

/** Readers on threads of their own, who leave and resume all the time, while another thread writes. */
final class ConcurrentRound {
    private static final String LAST = "goodbye";
    private static final List<UserId> USERS = IntStream.range(0, 10)
            .mapToObj(number -> new UserId("user" + number))
            .toList();

    private final Random chance;
    private final MemoryLog log = new MemoryLog(2);
    private final MemoryTap tap;
    private final MemoryHistory history;
    private final Subscriptions subscriptions;
    private final Semaphore heard = new Semaphore(0);

    ConcurrentRound(long seed, Scheduler threads) {
        this.chance = new Random(seed);
        this.tap = new MemoryTap(log, new BufferLimits(3, 1 << 20, new BufferMemory(5_000)), threads);
        this.history = new MemoryHistory(log, 5, threads);
        this.subscriptions = new Subscriptions(log, tap, history, Duration.ofMinutes(1), new PageBuffer(3_000));
    }

    private record Read(UserId user, List<Message> messages) {}

    /** How many joins it took that everybody got what was theirs. */
    long run(int readers, int messages) throws Exception {
        CompletableFuture<List<Read>> reads = Flux.range(0, readers)
                .flatMap(number -> read(USERS.get(number % USERS.size())), readers)
                .collectList()
                .toFuture();
        for (int i = 0; i < messages; i++) {
            log.say(USERS.get(chance.nextInt(USERS.size())), "said");
            goOn();
            awaitReaders(readers / USERS.size());
        }
        USERS.forEach(user -> log.say(user, LAST));
        catchUp();
        assertThat(reads.get(30, TimeUnit.SECONDS))
                .hasSize(readers)
                .allSatisfy(read -> assertThat(read.messages()).isEqualTo(log.to(read.user(), 0)));
        await().untilAsserted(() -> assertThat(tap.listening() + tap.interested())
                .as("listening or about to after all left")
                .isZero());
        return tap.joins();
    }

    /** From the oldest message to the last one, with many breaks. */
    private Mono<Read> read(UserId user) {
        var position = new AtomicReference<StartPosition>(new StartPosition.Earliest());
        var ended = new AtomicReference<>(false);
        return Flux.defer(() -> stretch(user, position.get()))
                .doOnNext(message -> heard.release())
                .doOnNext(message -> position.set(new StartPosition.After(message.cursor())))
                .doOnNext(message -> ended.set(message.content().equals(LAST)))
                .repeat(() -> !ended.get())
                .collectList()
                .map(messages -> new Read(user, messages));
    }

    private Flux<Message> stretch(UserId user, StartPosition startPosition) {
        ThreadLocalRandom any = ThreadLocalRandom.current();
        return subscriptions
                .messages(user, startPosition, new SubscriptionObserver() {})
                .limitRate(any.nextInt(1, 5))
                .takeUntil(message -> message.content().equals(LAST))
                .take(any.nextInt(1, 30));
    }

    private void goOn() {
        int partition = chance.nextInt(log.partitions());
        switch (chance.nextInt(50)) {
            case 0 -> tap.lose(partition);
            case 1 -> tap.rest();
            case 2, 3, 4 -> history.follow(partition, log.end(partition));
            default -> tap.read(partition, chance.nextInt(4));
        }
    }

    /** Keeps about in step with the readers, so that they join again and again while the log grows. */
    private void awaitReaders(int messages) throws InterruptedException {
        heard.tryAcquire(messages, 1, TimeUnit.MILLISECONDS);
    }

    private void catchUp() {
        for (int partition = 0; partition < log.partitions(); partition++) {
            history.follow(partition, log.end(partition));
            tap.read(partition, Integer.MAX_VALUE);
        }
    }
}
