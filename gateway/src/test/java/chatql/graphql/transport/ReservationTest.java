package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.RequestRejected;
import chatql.limit.AnswerBudget;
import chatql.limit.LimitConfiguration;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import chatql.metrics.Meters;
import graphql.parser.ParserOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReservationTest {
    private static final int MAX_COUNT = 1 << 20;
    private static final GraphQlRequestBody QUERY = body("{ hello }");
    private static final GraphQlRequestBody MUTATION = body("mutation { touch }");

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AnswerBudget budget = new AnswerBudget(MAX_COUNT, new LimitMetrics(meters));
    private final AtomicLong connection = new AtomicLong();
    private final Reservation reservation = new Reservation(budget, connection);

    @Test
    void operationReservesFromItsBodyToItsAnswer() {
        reservation.body(100_000);
        assertThat(budget.reserved()).isEqualTo(100_000);

        reservation.begin(QUERY);
        assertThat(budget.reserved()).isBetween(2_000L, 3_000L);

        reservation.execute(10_000, 100);
        assertThat(budget.reserved()).isBetween(420_000L, 425_000L);
        assertThat(connection).hasValue(100 * 4_096);

        reservation.answer(5_000, QUERY);
        assertThat(budget.reserved()).isEqualTo(5_000);
        assertThat(connection).hasValue(5_000);

        reservation.release();
        assertThat(budget.reserved()).isZero();
        assertThat(connection).hasValue(0);
    }

    @Test
    void workBeyondBudgetIsRejectedAndCounted() {
        reservation.begin(QUERY);

        assertThatThrownBy(() -> reservation.execute(0, 250))
                .isInstanceOfSatisfying(RequestRejected.class, requestRejected -> {
                    assertThat(requestRejected.status().value()).isEqualTo(503);
                    assertThat(requestRejected.code()).contains("OVERLOADED");
                });
        assertThat(meters.get("chatql.limits.rejected")
                        .tag("limit", "answer-bytes")
                        .counter()
                        .count())
                .isEqualTo(1);
        reservation.release();
        assertThat(budget.reserved()).isZero();
        assertThat(connection).hasValue(0);
    }

    @Test
    void quarterOfBudgetIsReservedForSmallWork() {
        budget.add(MAX_COUNT - MAX_COUNT / 4 - 1_000);

        assertThatThrownBy(() -> reservation.execute(0, 17)).isInstanceOf(RequestRejected.class);
        assertThatCode(() -> reservation.execute(0, 16)).doesNotThrowAnyException();
        assertThatCode(() -> new Reservation(budget).begin(MUTATION)).doesNotThrowAnyException();
    }

    @Test
    void oversizedQueryAnswerIsRejectedAndMutationIsAnswered() {
        assertThatThrownBy(() -> reservation.answer(2 * MAX_COUNT, QUERY)).isInstanceOf(RequestRejected.class);

        reservation.answer(2 * MAX_COUNT, MUTATION);

        assertThat(budget.reserved()).isEqualTo(2 * MAX_COUNT);
        reservation.release();
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void subscriptionKeepsExecutionMemoryAndFastPathKeepsNone() {
        reservation.begin(QUERY);
        reservation.execute(10_000, 0);
        reservation.live();
        assertThat(budget.reserved()).isBetween(12_000L, 13_000L);

        Reservation shortcut = new Reservation(budget);
        shortcut.begin(QUERY);
        shortcut.live();
        reservation.release();
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void nothingIsReservedAfterTheRelease() {
        reservation.begin(QUERY);
        reservation.release();

        reservation.execute(10_000, 10);
        reservation.answer(10_000, QUERY);
        reservation.live();

        assertThat(budget.reserved()).isZero();
        assertThat(connection).hasValue(0);
    }

    @Test
    void budgetDefaultsToQuarterOfHeap() {
        LimitSettings unset = TestServer.settings("limits", LimitSettings.class, Map.of());
        LimitSettings set = TestServer.settings("limits", LimitSettings.class, Map.of("limits.answer-bytes", "40MB"));

        assertThat(unset.answerBudget())
                .isEqualTo(Math.max(32 << 20, Runtime.getRuntime().maxMemory() / 4));
        assertThat(set.answerBudget()).isEqualTo(40 << 20);
        var pod = new LimitConfiguration().answerBudget(set, new LimitMetrics(meters), meters);
        pod.add(7);
        assertThat(meters.get(Meters.ANSWERS_RESERVED.id()).gauge().value()).isEqualTo(7);
    }

    private static GraphQlRequestBody body(String query) {
        return new GraphQlRequestBody(Map.of("query", query), ParserOptions.getDefaultParserOptions());
    }
}
