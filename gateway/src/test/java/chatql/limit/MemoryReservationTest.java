package chatql.limit;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryReservationTest {
    private static final int MAX_COUNT = 4 << 20;

    /** The limit of one address for work that is not small: three quarters of its half. */
    private static final int LARGE = MAX_COUNT / 2 / 4 * 3;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AnswerBudget budget = new AnswerBudget(MAX_COUNT, new LimitMetrics(meters));

    @Test
    void oneAddressMayReserveHalfOfBudget() {
        MemoryReservation mine = new MemoryReservation(budget.of(clientAddress("192.0.2.1")));
        MemoryReservation alsoMine = new MemoryReservation(budget.of(clientAddress("192.0.2.1")));
        MemoryReservation theirs = new MemoryReservation(budget.of(clientAddress("192.0.2.2")));

        assertThat(mine.grow(LARGE)).isTrue();
        assertThat(alsoMine.grow(100_000)).isFalse();
        assertThat(alsoMine.grow(1_000)).isTrue();
        assertThat(theirs.grow(LARGE - 1_000)).isTrue();
        assertThat(budget.reserved()).isEqualTo(2L * LARGE);
        assertThat(refused()).isEqualTo(1);
    }

    @Test
    void allAddressesTogetherMayReserveWholeBudget() {
        for (int each = 1; each <= 2; each++) {
            assertThat(new MemoryReservation(budget.of(clientAddress("192.0.2." + each))).grow(LARGE))
                    .isTrue();
        }

        assertThat(new MemoryReservation(budget.of(clientAddress("192.0.2.3"))).grow(100_000))
                .isFalse();
        assertThat(budget.of(clientAddress("192.0.2.3")).isFull()).isFalse();
        budget.add(MAX_COUNT / 4);
        assertThat(budget.of(clientAddress("192.0.2.3")).isFull()).isTrue();
    }

    @Test
    void oversizedReservationTakesNothing() {
        AnswerBudget share = budget.of(clientAddress("192.0.2.1"));
        MemoryReservation reservation = new MemoryReservation(share);
        reservation.grow(1_000);

        assertThat(reservation.resize(MAX_COUNT)).isFalse();

        assertThat(reservation.bytes()).isEqualTo(1_000);
        assertThat(share.reserved()).isEqualTo(1_000);
        assertThat(budget.reserved()).isEqualTo(1_000);
    }

    @Test
    void forcedReservationIsCountedInShareAndBudget() {
        AnswerBudget share = budget.of(clientAddress("192.0.2.1"));
        MemoryReservation reservation = new MemoryReservation(share);

        reservation.force(MAX_COUNT);

        assertThat(share.reserved()).isEqualTo(MAX_COUNT);
        assertThat(budget.reserved()).isEqualTo(MAX_COUNT);
        assertThat(share.isFull()).isTrue();
        reservation.release();
        assertThat(share.reserved()).isZero();
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void releasedReservationStaysEmpty() {
        MemoryReservation reservation = new MemoryReservation(budget);
        reservation.grow(1_000);
        reservation.release();

        assertThat(reservation.grow(1_000)).isTrue();
        reservation.force(1_000);

        assertThat(budget.reserved()).isZero();
    }

    private double refused() {
        return meters.get(Meters.LIMITS_REJECTED.id())
                .tag("limit", Limit.ANSWER_BYTES.label())
                .counter()
                .count();
    }

    private static ClientAddress clientAddress(String text) {
        return ClientAddress.of(new InetSocketAddress(text, 1), List.of(), 0);
    }
}
