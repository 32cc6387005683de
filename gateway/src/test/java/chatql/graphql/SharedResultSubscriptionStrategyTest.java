package chatql.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.execution.SharedResult;
import chatql.graphql.transport.request.EventResult;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.execution.SimpleDataFetcherExceptionHandler;
import graphql.execution.SubscriptionExecutionStrategy;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

class SharedResultSubscriptionStrategyTest {
    private static final List<String> FIELDS =
            List.of("id", "content", "senderId", "recipientId", "cursor", "sentAt", "__typename");
    /** Of each test its own: a view keeps the first selections that it sees. */
    private final List<MessageView> messages = List.of(
            view(0, "Hello"),
            view(1, "\"quoted\"\\ \n\u0000\u2028 <&>"),
            view(2, "emoji \uD83D\uDE00, \u05E9\u05DC\u05D5\u05DD"));

    private final GraphQL ordinary = graphQl(new SubscriptionExecutionStrategy());
    private final GraphQL quick =
            graphQl(new SharedResultSubscriptionStrategy(new SimpleDataFetcherExceptionHandler()));

    @Test
    void strategyGivesSameBytesAsGraphqlJava() {
        for (int seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            String query = query(random);
            Map<String, Object> variables = Map.of("yes", random.nextBoolean(), "no", random.nextBoolean());

            List<ExecutionResult> expected = results(ordinary, query, variables);
            List<ExecutionResult> actual = results(quick, query, variables);

            assertThat(actual).as(query).allMatch(result -> shared(result) instanceof SharedResult);
            assertThat(json(actual)).as(query).isEqualTo(json(expected)).hasSize(messages.size());
        }
    }

    @Test
    void equalSelectionsShareOneResult() {
        String query = "subscription { messages { text: content } }";

        List<ExecutionResult> one = results(quick, query, Map.of());
        List<ExecutionResult> other = results(
                quick,
                "subscription S { ...F } fragment F on Subscription { messages" + " { text: content } }",
                Map.of());

        assertThat(other)
                .zipSatisfy(one, (second, first) -> assertThat(shared(second)).isSameAs(shared(first)));
    }

    @Test
    void selectionsBeyondEightAreDeliveredCorrectly() {
        for (int i = 0; i < 20; i++) {
            String alias = "field" + i;

            List<ExecutionResult> executed =
                    results(quick, "subscription { messages { " + alias + ": id } }", Map.of());

            assertThat(json(executed)).first().isEqualTo("{\"data\":{\"messages\":{\"" + alias + "\":\"3-0\"}}}");
        }
    }

    /** Selections with and without aliases, fragments and directives. */
    private static String query(Random random) {
        List<String> fragments = new ArrayList<>();
        String selections = selections(random, fragments, 3);
        String root = random.nextBoolean() ? "messages" : "root: messages";
        return "subscription S($yes: Boolean!, $no: Boolean!) { " + root + "(userId: \"1\") { " + selections
                + " ...Used } } fragment Used on Message { id @include(if: $yes) @skip(if: $no) __typename } "
                + String.join(" ", fragments);
    }

    private static String selections(Random random, List<String> fragments, int depth) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> selection(random, fragments, depth))
                .collect(Collectors.joining(" "));
    }

    private static String selection(Random random, List<String> fragments, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(5)) {
            case 1 -> "... on Message" + directive(random) + " { " + selections(random, fragments, depth - 1) + " }";
            case 2 -> {
                String inner = selections(random, fragments, depth - 1);
                String name = "F" + fragments.size();
                fragments.add("fragment " + name + " on Message { " + inner + " }");
                yield "..." + name + directive(random);
            }
            default -> {
                int field = random.nextInt(FIELDS.size());
                // An alias names only one field, otherwise the selection would contradict itself.
                yield (random.nextBoolean() ? "alias" + field + ": " : "") + FIELDS.get(field) + directive(random);
            }
        };
    }

    private static String directive(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> " @include(if: $yes)";
            case 1 -> " @skip(if: $no)";
            default -> "";
        };
    }

    private static List<ExecutionResult> results(GraphQL graphQl, String query, Map<String, Object> variables) {
        ExecutionResult result = graphQl.execute(ExecutionInput.newExecutionInput(query)
                .variables(variables)
                .graphQLContext(Map.of(SubscriptionExecutionStrategy.KEEP_SUBSCRIPTION_EVENTS_ORDERED, true)));
        assertThat(result.getErrors()).as(query).isEmpty();
        Publisher<ExecutionResult> events = Objects.requireNonNull(result.getData());
        return Objects.requireNonNull(Flux.from(events).collectList().block());
    }

    private static ExecutionResult shared(ExecutionResult result) {
        return EventResult.of(result).result();
    }

    private static List<String> json(List<ExecutionResult> results) {
        return results.stream()
                .map(result -> JsonMapper.shared().writeValueAsString(result.toSpecification()))
                .toList();
    }

    private static MessageView view(int offset, String content) {
        var cursor = new Cursor(0x7000, 1_700_000_000_000L + offset, 3, offset);
        return MessageView.of(new Message(cursor, new UserId("alice"), new UserId("bob"), content));
    }

    private GraphQL graphQl(SubscriptionExecutionStrategy strategy) {
        var wiring = RuntimeWiring.newRuntimeWiring()
                .type("Subscription", type -> type.dataFetcher("messages", asked -> Flux.fromIterable(messages)))
                .build();
        return GraphQL.newGraphQL(
                        new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(schema()), wiring))
                .subscriptionExecutionStrategy(strategy)
                .build();
    }

    private static Reader schema() {
        return new InputStreamReader(
                Objects.requireNonNull(
                        SharedResultSubscriptionStrategyTest.class.getResourceAsStream("/graphql/schema.graphqls")),
                StandardCharsets.UTF_8);
    }
}
