package chatql.kafka.identity;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.kafka.topic.LogIdentity;
import chatql.message.LogChanged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class LogIdentityWatchTest {
    private static final LogIdentity.Topic MESSAGES = new LogIdentity.Topic(Uuid.randomUuid(), 12);
    private static final LogIdentity.Topic USERS = new LogIdentity.Topic(Uuid.randomUuid(), 1);
    private static final LogIdentity STARTED = new LogIdentity(Map.of("messages", MESSAGES, "users", USERS));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private Mono<LogIdentity> now = Mono.just(STARTED);
    private int checks;
    private final LogIdentityWatch watch = new LogIdentityWatch(
            STARTED,
            () -> {
                checks++;
                return now;
            },
            time,
            () -> time.now(TimeUnit.NANOSECONDS));

    @AfterEach
    void stop() {
        watch.stop();
    }

    @Test
    void unchangedTopicsAreServed() {
        watch.start();
        time.advanceTimeBy(Duration.ofSeconds(60));

        assertThat(watch.reasons()).isEmpty();
        StepVerifier.create(watch.unchanged("messages", Mono.just("page")))
                .expectNext("page")
                .verifyComplete();
    }

    @Test
    void changeIsNoticedWithinThePeriod() {
        watch.start();
        now = Mono.just(new LogIdentity(Map.of("users", USERS)));
        time.advanceTimeBy(LogIdentityWatch.EVERY);

        assertThat(watch.reasons()).hasSize(1).first().asString().startsWith("Topic messages was deleted");
        StepVerifier.create(watch.unchanged("messages", Mono.just("page"))).verifyError(LogChanged.class);
        StepVerifier.create(watch.unchanged("users", Mono.just("page")))
                .expectNext("page")
                .verifyComplete();
    }

    @Test
    void changedTopicIdIsReportedAsRecreatedTopic() {
        now = Mono.just(
                new LogIdentity(Map.of("messages", new LogIdentity.Topic(Uuid.randomUuid(), 12), "users", USERS)));
        StepVerifier.create(watch.check()).verifyComplete();

        assertThat(watch.reasons()).first().asString().contains("was deleted and re-created");
    }

    @Test
    void addedPartitionsAreReported() {
        now = Mono.just(new LogIdentity(Map.of("messages", new LogIdentity.Topic(MESSAGES.id(), 24), "users", USERS)));
        StepVerifier.create(watch.check()).verifyComplete();

        assertThat(watch.reasons()).first().asString().contains("has 24 partitions and had 12");
    }

    @Test
    void restoredTopicIsServedAgain() {
        List<Boolean> states = new ArrayList<>();
        watch.changed("messages").subscribe(states::add);
        watch.start();
        now = Mono.just(new LogIdentity(Map.of("users", USERS)));
        time.advanceTimeBy(Duration.ofSeconds(10));
        now = Mono.just(STARTED);
        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(states).containsExactly(false, true, false);
        assertThat(watch.reasons()).isEmpty();
    }

    @Test
    void failedCheckChangesNothingAndIsRetriedEverySecond() {
        watch.start();
        time.advanceTimeBy(LogIdentityWatch.EVERY);
        int before = checks;
        now = Mono.error(new TimeoutException("away"));
        time.advanceTimeBy(LogIdentityWatch.EVERY.plusSeconds(10));

        assertThat(watch.reasons()).isEmpty();
        assertThat(checks - before).isEqualTo(11);
    }

    @Test
    void requestedCheckRunsSoonAndAtMostOnceASecond() {
        watch.start();
        time.advanceTimeBy(LogIdentityWatch.EVERY);
        int before = checks;
        for (int i = 0; i < 1_000; i++) {
            watch.checkSoon();
        }
        time.advanceTimeBy(LogIdentityWatch.SHORTEST_PAUSE);
        for (int i = 0; i < 1_000; i++) {
            watch.checkSoon();
        }
        time.advanceTimeBy(Duration.ofMillis(999));

        assertThat(checks - before).isEqualTo(1);
    }
}
