package chatql;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link ForeignMixIT}, with a million records; prints the rate. Run by name only: CONTRIBUTING.md has the command. */
@ExtendWith(KafkaBroker.class)
class ForeignMillion {
    @Test
    void ofAMillionRecordsOfEveryKindEachComesToItsEnd() throws Exception {
        new ForeignMix(1_000_000).run(Duration.ofMinutes(30));
    }
}
