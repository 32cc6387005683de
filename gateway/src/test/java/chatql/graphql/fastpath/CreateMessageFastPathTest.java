package chatql.graphql.fastpath;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.Alice;
import chatql.graphql.MessageController;
import chatql.graphql.OrdinaryExecution;
import chatql.graphql.RandomArguments;
import chatql.graphql.transport.execution.FastPath;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import chatql.limit.WriteRateLimit;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.LogRange;
import chatql.message.LogUnavailable;
import chatql.message.Message;
import chatql.message.MessageLog;
import chatql.message.MessagePublisher;
import chatql.tracing.SpanObservations;
import chatql.user.UserId;
import graphql.ExecutionResult;
import graphql.parser.Parser;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

class CreateMessageFastPathTest {
    /** Content that the log fails to append: its result depends on the draft alone, so that both paths get the same. */
    private static final String UNAVAILABLE = "the log is unavailable";

    private static final List<String> CONTENTS =
            List.of("Hello", " ", UNAVAILABLE, "\"quoted\"\\ \n <&> \uD83D\uDE00", "\uD83D", "x".repeat(101));
    private static final List<String> USERS = List.of("alice", "mallory", "", "u".repeat(300));

    private final List<Draft> drafts = new ArrayList<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final MessageController controller = controller();
    private final OrdinaryExecution ordinary = OrdinaryExecution.of(controller);
    private final FastPath fastPath =
            new ObservedFastPath(new CreateMessageFastPath(controller), meters, SpanObservations.NONE);

    @Test
    void fastPathGivesSameBytesAsExecution() {
        for (int seed = 0; seed < 1_000; seed++) {
            var random = new Random(seed);
            Map<String, Object> variables = new HashMap<>();
            String query = query(random, variables);

            String expected = json(ordinary.of(query, variables, Map.of()));
            List<Draft> kept = List.copyOf(drafts);
            drafts.clear();
            Mono<ExecutionResult> answer =
                    compiledOperation(query).answer(OrdinaryExecution.invocation(query, variables, null));

            assertThat(answer).as(query).isNotNull();
            assertThat(json(answered(answer))).as("%s %s", query, variables).isEqualTo(expected);
            assertThat(drafts).as(query).isEqualTo(kept);
            drafts.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ hello }",
                "query { hello }",
                "subscription { messages { id } }",
                "mutation { createUser(username: \"a\") { success } }",
                "mutation { a: createMessage { success } b: createMessage { success } }",
                "mutation { createMessage { success } __typename }",
                "mutation { createMessage @skip(if: true) { success } }",
                "mutation { createMessage { success @include(if: false) } }",
                "mutation { createMessage { success message { id @include(if: false) } } }",
                "mutation { ... { createMessage { success } } }",
                "mutation { createMessage { ... on createMessageResult { success } } }",
                "mutation { createMessage { success success } }",
                "mutation { createMessage { message { id } message { content } } }",
                "mutation { createMessage { message { ...F } } } fragment F on Message { id }",
                "mutation A { createMessage { success } } mutation B { createMessage { errors } }",
                "mutation($c: String = \"x\") { createMessage(content: $c) { success } }",
                "mutation($c: ID) { createMessage(content: $c) { success } }",
                "mutation($c: [String]) { createMessage(content: $c) { success } }",
            })
    void unsupportedOperationUsesNormalExecution(String query) {
        assertThat(fastPath.of(Parser.parse(query), null)).isNull();
    }

    @Test
    void missingOperationUsesNormalExecution() {
        assertThat(fastPath.of(Parser.parse("mutation A { createMessage { success } }"), "B"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"String!,", "String!,7", "String,7", "String,true"})
    void variableNeedingCoercionUsesNormalExecution(String type, @Nullable String json) {
        Object value = json == null ? null : JsonMapper.shared().readValue(json, Object.class);

        Mono<ExecutionResult> answer = compiledOperation(
                        "mutation($c: " + type + ") { createMessage(content: $c) { success } }")
                .answer(OrdinaryExecution.invocation("{}", Collections.singletonMap("c", value), null));

        assertThat(answer).isNull();
    }

    @Test
    void fastPathIsTimedLikeExecution() {
        String query = "mutation { createMessage(senderId: \"alice\") { success } }";
        answered(Objects.requireNonNull(
                compiledOperation(query).answer(OrdinaryExecution.invocation(query, Map.of(), null))));

        assertThat(meters.get("graphql.request")
                        .tag("graphql.outcome", "SUCCESS")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    /**
     * Literals and variables, present and absent, valid and invalid, with any selection of the result, with and without
     * aliases.
     */
    private static String query(Random random, Map<String, Object> variables) {
        var arguments = new RandomArguments(random, variables);
        for (String argument : List.of("senderId", "recipientId", "content", "clientMessageId")) {
            arguments.add(argument, argument.equals("content") ? CONTENTS : USERS);
        }
        return arguments.operation("mutation", "createMessage", result(random));
    }

    private static String result(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(6))
                .mapToObj(i -> (random.nextInt(3) == 0 ? "" : "r" + i + ": ")
                        + switch (random.nextInt(4)) {
                            case 0 -> "success";
                            case 1 -> "errors";
                            case 2 -> "__typename";
                            default -> "message" + RandomArguments.message(random, 5);
                        })
                .collect(Collectors.toMap(CreateMessageFastPathTest::key, each -> each, (first, same) -> first))
                .values()
                .stream()
                .collect(Collectors.joining(" ", " { ", " }"));
    }

    private static String key(String field) {
        return field.split("[: ]")[0];
    }

    private FastPath.CompiledOperation compiledOperation(String query) {
        return Objects.requireNonNull(fastPath.of(Parser.parse(query), null), query);
    }

    private static ExecutionResult answered(Mono<ExecutionResult> answer) {
        return Objects.requireNonNull(
                answer.contextWrite(Alice.IS_SPEAKING::writeTo).block());
    }

    private static String json(ExecutionResult result) {
        return JsonMapper.shared().writeValueAsString(result.toSpecification());
    }

    private MessageController controller() {
        LimitSettings limits = new Binder(new MapConfigurationPropertySource(
                        Map.of("messages-per-user", "1000000", "messages-per-address", "1000000")))
                .bindOrCreate("", LimitSettings.class);
        return OrdinaryExecution.controller(
                new MessagePublisher(new Kept(), 100),
                null,
                null,
                new WriteRateLimit(limits, new LimitMetrics(meters)),
                meters);
    }

    private final class Kept implements MessageLog {
        @Override
        public Mono<Message> append(Draft draft) {
            return Mono.defer(() -> {
                drafts.add(draft);
                int offset = Arrays.hashCode(draft.content().toCharArray()) & 0xFFFF;
                return draft.content().equals(UNAVAILABLE)
                        ? Mono.error(new LogUnavailable("The message could not be stored", null))
                        : Mono.just(new Message(
                                new Cursor(0x7000, 1_700_000_000_000L, 3, offset),
                                draft.sender(),
                                draft.recipient(),
                                draft.content()));
            });
        }

        @Override
        public Mono<LogRange> logRange(UserId user) {
            return Mono.error(new UnsupportedOperationException());
        }
    }
}
