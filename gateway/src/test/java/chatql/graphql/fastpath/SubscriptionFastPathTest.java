package chatql.graphql.fastpath;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.delivery.LiveSubscription;
import chatql.delivery.PageBuffer;
import chatql.delivery.Subscriptions;
import chatql.graphql.Alice;
import chatql.graphql.MessageController;
import chatql.graphql.OrdinaryExecution;
import chatql.graphql.RandomArguments;
import chatql.graphql.transport.execution.FastPath;
import chatql.graphql.transport.execution.SharedResult;
import chatql.graphql.transport.request.EventResult;
import chatql.graphql.transport.request.SubscriptionEvent;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.LogRange;
import chatql.message.LogUnavailable;
import chatql.message.Message;
import chatql.message.MessageLog;
import chatql.tracing.SpanObservations;
import chatql.user.UserId;
import graphql.ExecutionResult;
import graphql.execution.SubscriptionExecutionStrategy;
import graphql.parser.Parser;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.graphql.execution.SubscriptionPublisherException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

class SubscriptionFastPathTest {
    private static final UserId ALICE = new UserId("alice");
    private static final List<String> USERS = List.of("alice", "mallory", "", "u".repeat(300));
    private static final Cursor LATEST = new Cursor(0x7000, 1_700_000_000_000L, 3, 41);
    private static final List<String> PLACES = List.of(
            LATEST.text(), "latest", "earliest", "garbage", new Cursor(0x8000, 1_700_000_000_000L, 3, 41).text());
    private static final List<Message> MESSAGES = List.of(
            message(42, "Hello"),
            message(43, "\"quoted\"\\ \n\u0000\u2028 <&>"),
            message(44, "emoji \uD83D\uDE00, \u05E9\u05DC\u05D5\u05DD"));

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final MessageController controller = controller();
    private final OrdinaryExecution ordinary = OrdinaryExecution.of(controller);
    private final FastPath fastPath =
            new ObservedFastPath(new SubscriptionFastPath(controller), meters, SpanObservations.NONE);

    @Test
    void fastPathGivesSameBytesAsExecution() {
        int told = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            var random = new Random(seed);
            Map<String, Object> variables = new HashMap<>();
            String query = query(random, variables);
            String lastEventId = random.nextInt(4) == 0 ? PLACES.get(random.nextInt(PLACES.size())) : null;

            List<String> expected = told(executed(query, variables, lastEventId));
            List<String> actual = told(begun(query, variables, lastEventId));

            assertThat(actual).as("%s %s %s", query, variables, lastEventId).isEqualTo(expected);
            told += actual.size() > MESSAGES.size() ? 1 : 0;
        }
        assertThat(told).isGreaterThan(100);
    }

    @Test
    void equalSelectionsShareOneResult() {
        List<ExecutionResult> one = events(begun("subscription { messages { id } }", Map.of(), null));
        List<ExecutionResult> other = events(begun("subscription S { messages { id } }", Map.of(), null));

        assertThat(one).hasSize(MESSAGES.size()).allMatch(result -> shared(result) instanceof SharedResult);
        assertThat(other)
                .zipSatisfy(one, (second, first) -> assertThat(shared(second)).isSameAs(shared(first)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ hello }",
                "{ messages(userId: \"alice\") { success } }",
                "mutation { createMessage { success } }",
                "subscription { __typename }",
                "subscription { messages @skip(if: true) { id } }",
                "subscription { messages { id @include(if: false) } }",
                "subscription { ... { messages { id } } }",
                "subscription { messages { ... on Message { id } } }",
                "subscription { messages { ...F } } fragment F on Message { id }",
                "subscription { messages { id id } }",
                "subscription A { messages { id } } subscription B { messages { id } }",
                "subscription($u: String = \"x\") { messages(userId: $u) { id } }",
                "subscription($u: ID) { messages(userId: $u) { id } }",
            })
    void unsupportedOperationUsesNormalExecution(String query) {
        assertThat(fastPath.of(Parser.parse(query), null)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"String!,", "String!,7", "String,7", "String,true"})
    void variableNeedingCoercionUsesNormalExecution(String type, @Nullable String json) {
        Object value = json == null ? null : JsonMapper.shared().readValue(json, Object.class);

        Mono<ExecutionResult> answer = compiledOperation(
                        "subscription($u: " + type + ") { messages(userId: $u) { id } }")
                .answer(OrdinaryExecution.invocation("{}", Collections.singletonMap("u", value), null));

        assertThat(answer).isNull();
    }

    @Test
    void fastPathIsTimedLikeExecution() {
        begun("subscription { messages { id } }", Map.of(), null);

        assertThat(meters.get("graphql.request")
                        .tag("graphql.operation.type", "subscription")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    private static String query(Random random, Map<String, Object> variables) {
        var arguments = new RandomArguments(random, variables);
        arguments.add("userId", USERS);
        arguments.add("after", PLACES);
        return arguments.operation("subscription", "messages", RandomArguments.message(random, 6));
    }

    private FastPath.CompiledOperation compiledOperation(String query) {
        return Objects.requireNonNull(fastPath.of(Parser.parse(query), null), query);
    }

    private ExecutionResult begun(String query, Map<String, Object> variables, @Nullable String lastEventId) {
        Mono<ExecutionResult> begun =
                compiledOperation(query).answer(OrdinaryExecution.invocation(query, variables, lastEventId));
        assertThat(begun).as("%s %s", query, variables).isNotNull();
        return Objects.requireNonNull(
                begun.contextWrite(Alice.IS_SPEAKING::writeTo).block());
    }

    private ExecutionResult executed(String query, Map<String, Object> variables, @Nullable String lastEventId) {
        Map<Object, Object> context =
                new HashMap<>(Map.of(SubscriptionExecutionStrategy.KEEP_SUBSCRIPTION_EVENTS_ORDERED, true));
        if (lastEventId != null) {
            context.put("lastEventId", lastEventId);
        }
        return ordinary.of(query, variables, context);
    }

    /** What the client receives, event by event, and the error that ends the subscription, if there is one. */
    private static List<String> told(ExecutionResult result) {
        assertThat(result.getErrors()).isEmpty();
        return Objects.requireNonNull(Flux.from(Objects.requireNonNull(result.<Publisher<ExecutionResult>>getData()))
                .map(event -> JsonMapper.shared().writeValueAsString(event.toSpecification()))
                .onErrorResume(
                        SubscriptionPublisherException.class,
                        failed -> Mono.just(JsonMapper.shared()
                                .writeValueAsString(failed.getErrors().stream()
                                        .map(error -> error.toSpecification())
                                        .toList())))
                .collectList()
                .block());
    }

    private static List<ExecutionResult> events(ExecutionResult result) {
        return Objects.requireNonNull(Flux.from(Objects.requireNonNull(result.<Publisher<ExecutionResult>>getData()))
                .onErrorComplete()
                .collectList()
                .block());
    }

    @Test
    void eventsHaveSameIdsAndMomentsBothWays() {
        String query = "subscription { messages { id } }";

        List<String> expected = events(executed(query, Map.of(), null)).stream()
                .map(SubscriptionFastPathTest::event)
                .toList();

        assertThat(events(begun(query, Map.of(), null)).stream().map(SubscriptionFastPathTest::event))
                .isEqualTo(expected)
                .hasSize(MESSAGES.size())
                .first()
                .asString()
                .startsWith(MESSAGES.getFirst().cursor().text());
    }

    private static String event(ExecutionResult result) {
        SubscriptionEvent<?> event = EventResult.of(result).event();
        return event.id() + " " + event.happened() + " " + event.bytes();
    }

    private static ExecutionResult shared(ExecutionResult result) {
        return EventResult.of(result).result();
    }

    private static Message message(int offset, String content) {
        return new Message(
                new Cursor(0x7000, 1_700_000_000_000L + offset, 3, offset), new UserId("bob"), ALICE, content);
    }

    private MessageController controller() {
        return OrdinaryExecution.controller(
                null,
                null,
                new Subscriptions(new Kept(), user -> new Heard(), null, Duration.ofSeconds(1), new PageBuffer(1)),
                null,
                meters);
    }

    private static final class Kept implements MessageLog {
        @Override
        public Mono<Message> append(Draft draft) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<LogRange> logRange(UserId user) {
            return Mono.just(new LogRange(7, 3, 42, 42));
        }
    }

    private static final class Heard implements LiveSubscription {
        @Override
        public Mono<Long> from() {
            return Mono.just(42L);
        }

        @Override
        public Flux<Message> messages() {
            return Flux.fromIterable(MESSAGES).concatWith(Mono.error(new LogUnavailable("The log is away", null)));
        }

        @Override
        public void stop() {}
    }
}
