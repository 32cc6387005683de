package chatql;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs {@link ForeignMixIT} with a million records and a pod in its own process; prints the rate.
 */
@Tag("long")
@ExtendWith(KafkaBroker.class)
class ForeignMillion {
    @Test
    void millionMixedRecordsAllReachTheirOutcome() throws Exception {
        try (var world = new World();
                var pod = new PodProcess(world, "one")) {
            new ForeignMix(1_000_000).run(world, pod.chat(), pod::scrape, Duration.ofMinutes(30));
        }
    }
}
