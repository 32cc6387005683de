package chatql;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaBroker.class)
class ForeignMixIT {
    @Test
    void ofTwentyThousandRecordsOfEveryKindEachComesToItsEnd() throws Exception {
        new ForeignMix(20_000).run(Duration.ofMinutes(1));
    }
}
