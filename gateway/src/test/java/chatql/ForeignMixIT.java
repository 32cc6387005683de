package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaBroker.class)
class ForeignMixIT {
    @Test
    void twentyThousandMixedRecordsAllReachTheirOutcome() throws Exception {
        try (var world = new World()) {
            Pod pod = world.pod();

            new ForeignMix(20_000).run(world, pod.chat(), pod::scrape, Duration.ofMinutes(1));

            assertThat(pod.scrape().sum("chatql_records_rerouted_total")).isEqualTo(600);
            assertThat(pod.scrape().sum("chatql_dead_letters_total")).isEqualTo(1_400);
            assertThat(pod.scrape().sum("chatql_records_duplicates_total")).isZero();
        }
    }
}
