package chatql.graphql.transport;

import chatql.graphql.transport.execution.EventSubscriptionStrategy;
import chatql.graphql.transport.execution.FetchCancellation;
import chatql.graphql.transport.execution.PageSizes;
import chatql.graphql.transport.request.SubscriptionEvent;
import graphql.execution.instrumentation.Instrumentation;
import graphql.execution.preparsed.PreparsedDocumentProvider;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.graphql.ExecutionGraphQlService;
import org.springframework.graphql.execution.DataFetcherExceptionResolver;
import org.springframework.graphql.execution.DefaultExecutionGraphQlService;
import org.springframework.graphql.execution.GraphQlSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A schema in memory with one field for each possible course of an operation. */
public final class TestSchema {

    private static final String SDL = """
            type Query {
              hello: String
              echo(text: String!): String
              never: String
              slow: String
              broken: String!
              page(first: Int, last: Int, size: Int): Page
            }
            type Page { entries: [Entry] }
            type Entry { number: Int, content: String }
            type Mutation { touch: String, never: String, slow: String }
            type Subscription {
              count(to: Int!): Int
              text(size: Int!): String
              silent: Int
              failing: Int
              refused: Int
              named(to: Int!): Int
              started: Int
              tick: Tick
              since: String
              filtered: String
            }
            type Tick { number: Int, slowly: Int }
            """;

    static final PageSizes PAGES = new PageSizes(Map.of("page", 500), 1_000);

    /** The number of fetched pages. */
    public final AtomicInteger pages = new AtomicInteger();

    /** The number of executed mutations. */
    public final AtomicInteger touched = new AtomicInteger();

    /** The number of requested events of {@code text}, over all subscriptions. */
    public final AtomicLong requested = new AtomicLong();

    /** The number of cancelled queries and mutations that would never have completed. */
    final AtomicInteger abandoned = new AtomicInteger();

    /** The number of cancelled subscriptions that would never have completed. */
    public final AtomicInteger cancelled = new AtomicInteger();

    ExecutionGraphQlService service(Instrumentation instrumentation, PreparsedDocumentProvider documents) {
        return new DefaultExecutionGraphQlService(GraphQlSource.schemaResourceBuilder()
                .schemaResources(new ByteArrayResource(SDL.getBytes(StandardCharsets.UTF_8)))
                .configureRuntimeWiring(this::wire)
                .instrumentation(List.of(instrumentation, new FetchCancellation()))
                .configureGraphQl(graphQl -> graphQl.preparsedDocumentProvider(documents)
                        .subscriptionExecutionStrategy(new EventSubscriptionStrategy(
                                DataFetcherExceptionResolver.createExceptionHandler(List.of()))))
                .build());
    }

    private void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                type -> type.dataFetcher("hello", field -> "hello")
                        .dataFetcher("echo", field -> field.getArgument("text"))
                        .dataFetcher("never", field -> never())
                        .dataFetcher("slow", field -> slow())
                        .dataFetcher("page", this::page)
                        .dataFetcher("broken", field -> Mono.error(new IllegalStateException("a secret"))));
        wiring.type(
                "Mutation",
                type -> type.dataFetcher("touch", field -> "touched " + touched.incrementAndGet())
                        .dataFetcher("never", field -> never())
                        .dataFetcher("slow", field -> slow()));
        wiring.type(
                "Subscription",
                type -> type.dataFetcher("count", field -> Flux.range(1, field.getArgument("to")))
                        .dataFetcher("text", this::text)
                        .dataFetcher("silent", field -> Flux.never().doOnCancel(cancelled::incrementAndGet))
                        .dataFetcher(
                                "failing",
                                field -> Flux.just(1).concatWith(Flux.error(new IllegalStateException("a secret"))))
                        .dataFetcher("refused", field -> {
                            throw new IllegalArgumentException("a secret");
                        })
                        .dataFetcher("named", this::named)
                        .dataFetcher("started", field -> Flux.just(SubscriptionEvent.position("here")))
                        .dataFetcher(
                                "filtered", field -> Mono.deferContextual(context -> Mono.just(context.get("filter"))))
                        .dataFetcher("tick", field -> Flux.range(1, 5).map(number -> Map.of("number", number)))
                        .dataFetcher(
                                "since",
                                field -> Mono.justOrEmpty(
                                        (String) field.getGraphQlContext().get("lastEventId"))));
        wiring.type("Tick", type -> type.dataFetcher("slowly", this::slowly));
    }

    private Map<String, Object> page(DataFetchingEnvironment field) {
        pages.incrementAndGet();
        int first = field.getArgumentOrDefault("first", 1);
        String content = "x".repeat(field.getArgumentOrDefault("size", 0));
        return Map.of(
                "entries",
                IntStream.range(0, field.getArgumentOrDefault("last", first))
                        .mapToObj(number -> Map.of("number", number, "content", content))
                        .toList());
    }

    private Mono<Object> never() {
        return Mono.never().doOnCancel(abandoned::incrementAndGet);
    }

    private Mono<Object> slow() {
        return Mono.delay(Duration.ofMillis(150)).thenReturn("slow");
    }

    private Flux<String> text(DataFetchingEnvironment field) {
        String text = "x".repeat(Objects.requireNonNull(field.<Integer>getArgument("size")));
        return Flux.<String>generate(sink -> sink.next(text))
                .doOnRequest(requested::addAndGet)
                .doOnCancel(cancelled::incrementAndGet);
    }

    private Flux<SubscriptionEvent<Integer>> named(DataFetchingEnvironment field) {
        int to = Objects.requireNonNull(field.<Integer>getArgument("to"));
        return Flux.range(1, to)
                .map(number ->
                        new SubscriptionEvent<>(number, "event-" + number, SubscriptionEvent.EARLIER, 0, () -> {}));
    }

    /** Takes longer for earlier ticks. */
    private Mono<Integer> slowly(DataFetchingEnvironment field) {
        int number = (Integer)
                Objects.requireNonNull(field.<Map<String, Object>>getSource()).get("number");
        return Mono.delay(Duration.ofMillis(60 - 10L * number)).thenReturn(number);
    }
}
