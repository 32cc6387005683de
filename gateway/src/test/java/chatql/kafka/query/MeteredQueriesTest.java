package chatql.kafka.query;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.kafka.consistency.PartitionMigrating;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class MeteredQueriesTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final MeteredQueries.Watches watches = MeteredQueries.Watches.remote(meters);

    @Test
    void answerIsTimedByKindAndLocationEvenIfEmpty() {
        StepVerifier.create(watches.inbox().time(Mono.just("page")))
                .expectNext("page")
                .verifyComplete();
        StepVerifier.create(watches.inbox().time(Mono.empty())).verifyComplete();

        assertThat(meters.get("chatql.history.query")
                        .tags("kind", "inbox", "where", "remote")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(failed("inbox")).isZero();
    }

    @Test
    void everyFailedAttemptIsCountedAndNotTimed() {
        Mono<String> question = watches.name().time(Mono.error(new PartitionMigrating(null)));

        StepVerifier.create(question.retry(1)).verifyError(PartitionMigrating.class);

        assertThat(failed("name")).isEqualTo(2);
        assertThat(meters.get("chatql.history.query")
                        .tag("kind", "name")
                        .timer()
                        .count())
                .isZero();
    }

    private double failed(String kind) {
        return meters.get("chatql.history.query.errors")
                .tag("kind", kind)
                .counter()
                .count();
    }
}
