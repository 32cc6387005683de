package chatql.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.request.EventIds;
import chatql.tracing.MessageTraces;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class AudienceTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Audience audience = new Audience(meters, MessageTraces.NONE);
    private final Audience.Seat seat = audience.seat(new EventIds());

    @Test
    void whoeverResumesIsNotBehind() {
        audience.seat(new EventIds()).live();

        assertThat(behind()).isZero();
    }

    @Test
    void whoeverIsOvertakenIsBehindUntilTheyAreLiveAgain() {
        seat.live();
        seat.overtaken();
        assertThat(behind()).isEqualTo(1);

        seat.live();

        assertThat(behind()).isZero();
        assertThat(overtaken()).isEqualTo(1);
    }

    @Test
    void whoeverLeavesWhileTheyAreBehindIsBehindNoLonger() {
        seat.overtaken();

        seat.over();

        assertThat(behind()).isZero();
    }

    @Test
    void whoeverIsOvertakenAgainWhileTheyAreBehindIsBehindOnce() {
        seat.overtaken();
        seat.overtaken();

        assertThat(behind()).isEqualTo(1);
    }

    @Test
    void whoeverIsOvertakenJustAfterTheyHaveLeftIsNotBehindForEver() {
        seat.over();
        seat.overtaken();

        assertThat(behind()).isZero();
    }

    private double behind() {
        return meters.get("chatql.subscriptions.behind").gauge().value();
    }

    private double overtaken() {
        return meters.get("chatql.subscriptions.overtaken").counter().count();
    }
}
