package chatql.graphql.fastpath;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.delivery.LiveSubscription;
import chatql.delivery.PageBuffer;
import chatql.delivery.Subscriptions;
import chatql.graphql.Alice;
import chatql.graphql.MessageController;
import chatql.graphql.OrdinaryExecution;
import chatql.graphql.transport.admission.ConnectionIdentity;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.execution.DocumentCache;
import chatql.graphql.transport.execution.DocumentLimits;
import chatql.graphql.transport.execution.FastPath;
import chatql.graphql.transport.execution.FetchCancellation;
import chatql.graphql.transport.execution.GraphQlExecutor;
import chatql.graphql.transport.execution.PageSizes;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.limit.AnswerBudget;
import chatql.limit.ClientAddress;
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
import chatql.tracing.RecordedSpans;
import chatql.tracing.SpanObservations;
import chatql.user.UserId;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.parser.Parser;
import graphql.parser.ParserOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.graphql.observation.DataFetcherObservationContext;
import org.springframework.graphql.observation.ExecutionRequestObservationContext;
import org.springframework.graphql.observation.GraphQlObservationInstrumentation;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.WebGraphQlRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Runs each operation on both paths, and compares the recorded meters and spans. */
class ObservedFastPathTest {
    private static final String SEND =
            "mutation($c: String, $s: String) { createMessage(senderId: $s, recipientId: \"bob\", content: $c) { success } }";
    private static final String FOLLOW = "subscription($u: String) { messages(userId: $u) { id } }";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
    private static final LimitSettings LIMITS = new Binder(
                    new MapConfigurationPropertySource(Map.of("messages-per-user", "1")))
            .bindOrCreate("", LimitSettings.class);

    private final Way executed = new Way(false);
    private final Way fast = new Way(true);

    @ParameterizedTest
    @CsvSource({
        "stored,alice,SUCCESS",
        "' ',alice,SUCCESS",
        "unavailable,alice,SUCCESS",
        "stored,mallory,REQUEST_ERROR",
        "broken,alice,INTERNAL_ERROR"
    })
    void mutationHasSameMeterAndSpanBothWays(String content, String sender, String outcome) {
        Map<String, Object> variables = Map.of("c", content, "s", sender);

        Seen expected = executed.run(SEND, variables, Map.of());
        Seen actual = fast.run(SEND, variables, Map.of());

        assertThat(fast.isFast(SEND)).isTrue();
        assertThat(actual).isEqualTo(expected);
        assertThat(actual.timers().toString()).contains(outcome);
    }

    @Test
    void rateLimitedMutationHasSameMeterAndSpanBothWays() {
        Map<String, Object> variables = Map.of("c", "stored", "s", "alice");

        Seen expected = untilRateLimited(executed, variables);
        Seen actual = untilRateLimited(fast, variables);

        assertThat(actual).isEqualTo(expected);
        assertThat(actual.timers().toString()).contains("REQUEST_ERROR");
    }

    private static Seen untilRateLimited(Way way, Map<String, Object> variables) {
        return Stream.generate(() -> way.run(SEND, variables, Map.of()))
                .limit(1_000)
                .filter(seen -> seen.spans().toString().contains("RATE_LIMITED"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "mallory", ""})
    void subscriptionHasSameMeterAndSpanBothWays(String user) {
        Seen expected = executed.run(FOLLOW, Map.of("u", user), Map.of());
        Seen actual = fast.run(FOLLOW, Map.of("u", user), Map.of());

        assertThat(fast.isFast(FOLLOW)).isTrue();
        assertThat(actual).isEqualTo(expected);
        assertThat(actual.spans()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PARENT,
                "",
                "garbage",
                "00-" + TRACE + "-0000000000000000-01",
                "ff-" + TRACE + "-b7ad6b7169203331-01",
                "00-" + TRACE + "-b7ad6b7169203331-00"
            })
    void traceparentOfExtensionsIsReadAlikeBothWays(String parent) {
        Map<String, Object> variables = Map.of("c", "stored", "s", "alice");
        Map<String, Object> extensions = Map.of("traceparent", parent, "other", 7);

        assertThat(fast.run(SEND, variables, extensions)).isEqualTo(executed.run(SEND, variables, extensions));
        assertThat(fast.spans).hasSize(parent.endsWith("-00") ? 0 : 1);
        assertThat(fast.spans.stream().filter(span -> span.getTraceId().equals(TRACE)))
                .hasSize(parent.equals(PARENT) ? 1 : 0);
    }

    @Test
    void traceparentThatIsNoStringIsIgnored() {
        Map<String, Object> extensions = Map.of("traceparent", List.of(PARENT));

        assertThat(fast.run(SEND, Map.of("c", "stored", "s", "alice"), extensions)
                        .spans())
                .hasSize(1);
    }

    @Test
    void spanOfRequestIsParentBothWays() {
        for (Way way : List.of(executed, fast)) {
            Observation request = way.request();

            way.run(SEND, Map.of("c", "stored", "s", "alice"), Map.of("traceparent", PARENT), request);
            request.stop();

            assertThat(way.spans).hasSize(2);
            assertThat(way.spans.getFirst().getParentSpanId())
                    .isEqualTo(way.spans.getLast().getSpanId());
        }
    }

    @Test
    void cancelledMutationEndsOnceBothWays() {
        for (Way way : List.of(executed, fast)) {
            way.warm(SEND);
            Disposable running = way.begin(SEND, Map.of("c", "never", "s", "alice"), Map.of(), Observation.NOOP)
                    .subscribe();
            assertThat(way.spans).isEmpty();

            running.dispose();

            assertThat(way.seen().spans()).hasSize(1);
            assertThat(way.seen().timers().values()).containsExactly(1L);
        }
        assertThat(fast.seen()).isEqualTo(executed.seen());
    }

    @Test
    void failureOutsideOfAnswerEndsOnce() {
        FastPath broken = new ObservedFastPath(
                (document, operation) -> invocation -> Mono.error(new IllegalStateException("a secret")),
                fast.meters,
                fast.observations);

        Objects.requireNonNull(broken.of(Parser.parse(SEND), null))
                .answer(OrdinaryExecution.invocation(SEND, Map.of(), null))
                .onErrorComplete()
                .block();

        assertThat(fast.seen().timers()).hasSize(1).allSatisfy((labels, count) -> {
            assertThat(labels).contains("IllegalStateException", "INTERNAL_ERROR");
            assertThat(count).isEqualTo(1);
        });
        assertThat(fast.spans)
                .singleElement()
                .satisfies(span -> assertThat(span.toString()).doesNotContain("a secret"));
    }

    /** What an operation records: the counts of timers by their labels, and the spans without their random ids. */
    private record Seen(Map<String, Long> timers, List<String> spans) {}

    private static final class Way {
        final MeterRegistry meters = new SimpleMeterRegistry();
        private final RecordedSpans recorded = new RecordedSpans();
        final List<SpanData> spans = recorded.all();
        final SpanObservations observations;
        private final DocumentCache documents;
        private final GraphQlExecutor executor;
        private Map<String, Long> before = Map.of();

        Way(boolean isFast) {
            var handler = OrdinaryExecution.operationSpans(recorded.tracer(), recorded.propagator());
            observations = SpanObservations.of(List.of(handler));
            ObservationRegistry registry = ObservationRegistry.create();
            registry.observationConfig()
                    .observationHandler(new DefaultMeterObservationHandler(
                            meters, DefaultMeterObservationHandler.IgnoredMeters.LONG_TASK_TIMER))
                    .observationHandler(handler)
                    .observationPredicate((name, context) -> !(context instanceof DataFetcherObservationContext));
            MessageController controller = controller();
            FastPath paths = new ObservedFastPath(
                    new CreateMessageFastPath(controller).or(new SubscriptionFastPath(controller)),
                    meters,
                    observations);
            documents = new DocumentCache(
                    isFast ? paths : FastPath.NONE,
                    PageSizes.NONE,
                    new DocumentLimits(LIMITS, new LimitMetrics(new SimpleMeterRegistry())));
            executor = new GraphQlExecutor(
                    WebGraphQlHandler.builder(OrdinaryExecution.of(
                                            controller,
                                            source -> source.instrumentation(List.of(
                                                            new GraphQlObservationInstrumentation(registry),
                                                            new FetchCancellation()))
                                                    .configureGraphQl(
                                                            graphQl -> graphQl.preparsedDocumentProvider(documents)))
                                    .service())
                            .build(),
                    documents,
                    ParserOptions.getDefaultParserOptions(),
                    true);
        }

        private MessageController controller() {
            var elsewhere = new SimpleMeterRegistry();
            return OrdinaryExecution.controller(
                    new MessagePublisher(new Kept(), 100),
                    null,
                    new Subscriptions(new Kept(), user -> new Silent(), null, Duration.ofSeconds(1), new PageBuffer(1)),
                    new WriteRateLimit(LIMITS, new LimitMetrics(elsewhere)),
                    elsewhere);
        }

        boolean isFast(String query) {
            return executor.fastPath(identity(), body(query, Map.of(), Map.of()), context()) != null;
        }

        /** Executes the operation first, so that its document is cached, and discards what that recorded. */
        void warm(String query) {
            execute(query, Map.of("s", "mallory", "u", "mallory"), Map.of(), Observation.NOOP);
            before = counts();
            spans.clear();
        }

        Seen run(String query, Map<String, Object> variables, Map<String, Object> extensions) {
            return run(query, variables, extensions, Observation.NOOP);
        }

        Seen run(String query, Map<String, Object> variables, Map<String, Object> extensions, Observation request) {
            warm(query);
            execute(query, variables, extensions, request);
            return seen();
        }

        private void execute(
                String query, Map<String, Object> variables, Map<String, Object> extensions, Observation request) {
            begin(query, variables, extensions, request).block();
        }

        Mono<ExecutionResult> begin(
                String query, Map<String, Object> variables, Map<String, Object> extensions, Observation request) {
            GraphQlRequestBody body = body(query, variables, extensions);
            return executor.result(identity(), body, context(), () -> request(body))
                    .contextWrite(context -> SpanObservations.in(context, request));
        }

        private static WebGraphQlRequest request(GraphQlRequestBody body) {
            return new WebGraphQlRequest(
                    URI.create("http://localhost/graphql"),
                    new HttpHeaders(),
                    new LinkedMultiValueMap<>(),
                    new InetSocketAddress(0),
                    new ConcurrentHashMap<>(),
                    body.parameters(),
                    "1",
                    null);
        }

        private static GraphQlRequestBody body(
                String query, Map<String, Object> variables, Map<String, Object> extensions) {
            return new GraphQlRequestBody(
                    Map.of("query", query, "variables", variables, "extensions", extensions),
                    ParserOptions.getDefaultParserOptions());
        }

        private static OperationContext context() {
            return new OperationContext(
                    null, new Reservation(new AnswerBudget(1 << 20, new LimitMetrics(new SimpleMeterRegistry()))));
        }

        private static ConnectionIdentity identity() {
            return Objects.requireNonNull(
                    new ConnectionIdentity(shown -> Mono.just(Alice.IS_SPEAKING), ClientAddress.of(null, List.of(), 0))
                            .authenticate(null)
                            .block());
        }

        /** An observation like that of a request, whose span is the parent. */
        Observation request() {
            return observations.start(
                    "request",
                    () -> new ExecutionRequestObservationContext(
                            ExecutionInput.newExecutionInput("{ hello }").build()),
                    Context.empty());
        }

        private Map<String, Long> counts() {
            return meters.find("graphql.request").timers().stream()
                    .collect(Collectors.toMap(timer -> timer.getId().getTags().toString(), Timer::count));
        }

        Seen seen() {
            Map<String, Long> more = new HashMap<>(counts());
            more.replaceAll((labels, count) -> count - before.getOrDefault(labels, 0L));
            more.values().removeIf(count -> count == 0);
            return new Seen(more, spans.stream().map(ObservedFastPathTest::text).toList());
        }
    }

    private static String text(SpanData span) {
        boolean isRoot = !span.getParentSpanContext().isValid();
        return String.join(
                " ",
                span.getName(),
                span.getKind().name(),
                span.getAttributes().toString(),
                span.getStatus().toString(),
                span.getEvents().toString(),
                isRoot ? "root" : span.getTraceId() + span.getParentSpanId());
    }

    private static final class Kept implements MessageLog {
        @Override
        public Mono<Message> append(Draft draft) {
            return switch (draft.content()) {
                case "broken" -> Mono.error(new IllegalStateException("a secret"));
                case "unavailable" -> Mono.error(new LogUnavailable("The message could not be stored", null));
                case "never" -> Mono.never();
                default ->
                    Mono.just(new Message(
                            new Cursor(0x7000, 1, 3, 4), draft.sender(), draft.recipient(), draft.content()));
            };
        }

        @Override
        public Mono<LogRange> logRange(UserId user) {
            return Mono.just(new LogRange(7, 3, 42, 42));
        }
    }

    private static final class Silent implements LiveSubscription {
        @Override
        public Mono<Long> from() {
            return Mono.just(42L);
        }

        @Override
        public Flux<Message> messages() {
            return Flux.never();
        }

        @Override
        public void stop() {}
    }
}
