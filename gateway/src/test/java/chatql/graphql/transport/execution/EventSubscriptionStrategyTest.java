package chatql.graphql.transport.execution;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.request.EventResult;
import chatql.graphql.transport.request.SubscriptionEvent;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.execution.SimpleDataFetcherExceptionHandler;
import graphql.execution.SubscriptionExecutionStrategy;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class EventSubscriptionStrategyTest {
    private static final String SDL = """
            type Query { hello: String }
            type Subscription { ticks: Tick, plain: Tick, none: Tick, started: Tick }
            type Tick { number: Int, later: Int, odd: Int! }
            """;

    private final List<CompletableFuture<Integer>> later = new ArrayList<>();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final GraphQL events = graphQl(new EventSubscriptionStrategy(new SimpleDataFetcherExceptionHandler()));
    private final GraphQL ordinary = graphQl(new SubscriptionExecutionStrategy());

    @Test
    void eachResultCarriesItsOwnEvent() {
        List<ExecutionResult> results = all(events, "subscription { ticks { number } }");

        assertThat(results).hasSize(4).allSatisfy(result -> {
            var number = Objects.requireNonNull(result.<Map<String, Map<String, Integer>>>getData())
                    .get("ticks")
                    .get("number");
            SubscriptionEvent<?> event = EventResult.of(result).event();
            assertThat(event.id()).isEqualTo("event-" + number);
            assertThat(event.happened()).isEqualTo((long) number);
            assertThat(event.bytes()).isEqualTo(10 * number);
        });
    }

    @Test
    void resultsEqualThoseOfGraphqlJava() {
        for (String query : List.of(
                "subscription { plain { number __typename } }",
                "subscription { again: plain { number odd } }",
                "subscription { plain { odd } }",
                "subscription { none { number } }")) {
            assertThat(text(all(events, query))).as(query).isEqualTo(text(all(ordinary, query)));
        }
    }

    @Test
    void eventWithoutPayloadIsNullAndHasItsIdAsCursor() {
        List<ExecutionResult> results = all(events, "subscription { mine: started { number odd } }");

        assertThat(text(results)).containsExactly("{data={mine=null}, extensions={cursor=here}}");
        assertThat(EventResult.of(results.getFirst()).event().id()).isEqualTo("here");
    }

    @Test
    void eventsAreExecutedOneByOneAndAsRequested() {
        Publisher<ExecutionResult> results = begun(events, "subscription { ticks { number later } }");

        StepVerifier.create(results, 0)
                .thenRequest(1)
                .then(() -> {
                    assertThat(later).hasSize(1);
                    assertThat(requested).hasValue(1);
                    later.getFirst().complete(7);
                })
                .assertNext(
                        first -> assertThat(EventResult.of(first).event().id()).isEqualTo("event-1"))
                .then(() -> assertThat(later).hasSize(1))
                .thenRequest(1)
                .then(() -> later.getLast().complete(8))
                .assertNext(second ->
                        assertThat(EventResult.of(second).event().id()).isEqualTo("event-2"))
                .thenCancel()
                .verify();

        assertThat(requested).hasValue(2);
        assertThat(cancelled).isTrue();
    }

    private static List<String> text(List<ExecutionResult> results) {
        return results.stream()
                .map(result -> result.toSpecification().toString())
                .toList();
    }

    private static Publisher<ExecutionResult> begun(GraphQL graphQl, String query) {
        ExecutionResult result = graphQl.execute(query);
        assertThat(result.getErrors()).as(query).isEmpty();
        return Objects.requireNonNull(result.getData());
    }

    private static List<ExecutionResult> all(GraphQL graphQl, String query) {
        return Objects.requireNonNull(
                Flux.from(begun(graphQl, query)).collectList().block());
    }

    private Flux<SubscriptionEvent<Map<String, Integer>>> ticks(DataFetchingEnvironment field) {
        return Flux.range(1, 4)
                .map(number -> new SubscriptionEvent<>(
                        Map.of("number", number), "event-" + number, number, 10 * number, () -> {}))
                .doOnRequest(requested::addAndGet)
                .doOnCancel(() -> cancelled.set(true));
    }

    private Object later(DataFetchingEnvironment field) {
        var value = new CompletableFuture<Integer>();
        later.add(value);
        return value;
    }

    /** Even numbers have none: only their own events fail. */
    private static Object odd(DataFetchingEnvironment field) {
        int number =
                Objects.requireNonNull(field.<Map<String, Integer>>getSource()).get("number");
        return number % 2 == 0 ? null : number;
    }

    private GraphQL graphQl(SubscriptionExecutionStrategy strategy) {
        var wiring = RuntimeWiring.newRuntimeWiring()
                .type(
                        "Subscription",
                        type -> type.dataFetcher("ticks", this::ticks)
                                .dataFetcher("plain", field -> Flux.range(1, 4).map(number -> Map.of("number", number)))
                                .dataFetcher("none", field -> Flux.empty())
                                .dataFetcher("started", field -> Flux.just(SubscriptionEvent.position("here"))))
                .type(
                        "Tick",
                        type -> type.dataFetcher("later", this::later)
                                .dataFetcher("odd", EventSubscriptionStrategyTest::odd))
                .build();
        return GraphQL.newGraphQL(new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(SDL), wiring))
                .subscriptionExecutionStrategy(strategy)
                .build();
    }
}
