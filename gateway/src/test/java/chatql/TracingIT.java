package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.TraceCollector.Collected;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two pods that sample nothing by themselves: they export only traces that their callers sample. */
@ExtendWith(KafkaBroker.class)
class TracingIT {
    private static final TraceCollector collector = new TraceCollector();
    private static World world;
    private static Topic topic;
    private static Pod a;
    private static Pod b;

    @BeforeAll
    static void start() {
        world = new World(
                collector.setting(),
                "management.tracing.sampling.probability=0",
                "management.opentelemetry.tracing.export.schedule-delay=50ms");
        a = pod("a");
        b = pod("b");
        topic = new Topic(world, Map.of());
    }

    private static Pod pod(String name) {
        return world.pod(name, "management.opentelemetry.resource-attributes.service.instance.id=" + name);
    }

    @AfterAll
    static void stop() {
        topic.close();
        world.close();
        collector.close();
    }

    @Test
    void traceLeadsFromClientRequestToSubscriberOnAnotherPod() throws Exception {
        var client = Traced.sampled();
        try (Following listener = b.chat().follow("ben", "earliest")) {
            warm(listener, "ben");

            String id = client.send(a, "ben", "hello");
            listener.await(2);

            Collected request = collector.await(client.trace(), "POST /graphql");
            Collected operation = collector.await(client.trace(), "mutation");
            Collected sent = collector.await(client.trace(), "send " + world.topic("messages"));
            Collected delivered = collector.await(client.trace(), "process " + world.topic("messages"));
            assertThat(request.parent()).isEqualTo(client.span());
            assertThat(request.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
            assertThat(request.attributes()).containsEntry("http.response.status_code", "200");
            assertThat(operation.parent()).isEqualTo(request.id());
            assertThat(operation.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
            assertThat(sent.parent()).isEqualTo(operation.id());
            assertThat(sent.kind()).isEqualTo(SpanKind.SPAN_KIND_PRODUCER);
            assertThat(sent.attributes()).containsEntry("messaging.message.id", id);
            assertThat(delivered.parent()).isEqualTo(sent.id());
            assertThat(delivered.linked()).containsExactly(sent.id());
            assertThat(delivered.kind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
            assertThat(delivered.attributes()).containsEntry("messaging.message.id", id);
            assertThat(List.of(request.pod(), operation.pod(), sent.pod(), delivered.pod()))
                    .containsExactly("a", "a", "a", "b");
        }
    }

    @Test
    void recordCarriesTraceparentOfItsSendSpan() throws Exception {
        var client = Traced.sampled();

        client.send(a, "carl", "hello");

        Collected sent = collector.await(client.trace(), "send " + world.topic("messages"));
        assertThat(topic.headers("carl"))
                .containsEntry("traceparent", "00-" + client.trace() + "-" + sent.id() + "-01");
    }

    @Test
    void recordOfAnotherServiceIsTracedToSubscribersOfEveryTransport() throws Exception {
        var service = Traced.sampled();
        try (Following first = a.chat().follow("dora", "earliest");
                Following second = b.chat().follow("dora", "earliest");
                var third = new EventStream(b, "dora", "earliest")) {
            warm(first, "dora");
            second.await(1);
            third.await(1);

            topic.sendWith("1", "dora", "followed", Map.of("traceparent", service.parent()))
                    .get();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> collector.of(service.trace()).count() >= 3);
            assertThat(collector.of(service.trace())).hasSize(3).allSatisfy(span -> {
                assertThat(span.name()).isEqualTo("process " + world.topic("messages"));
                assertThat(span.parent()).isEqualTo(service.span());
            });
            assertThat(collector.of(service.trace()).map(Collected::pod)).containsExactlyInAnyOrder("a", "b", "b");
        }
    }

    @Test
    void unsampledTraceIsPropagatedInRecordOnly() throws Exception {
        var unsampled = Traced.unsampled();
        try (Following listener = b.chat().follow("emil", "earliest")) {
            warm(listener, "emil");

            unsampled.send(a, "emil", "not followed");
            listener.await(2);

            assertThat(topic.headers("emil").get("traceparent"))
                    .startsWith("00-" + unsampled.trace())
                    .endsWith("-00");
            collected();
            assertThat(collector.of(unsampled.trace())).isEmpty();
        }
    }

    @Test
    void malformedTraceHeaderIsHarmless() throws Exception {
        var fine = Traced.sampled();
        var broken = List.of(
                "",
                "garbage",
                "x".repeat(500_000),
                fine.parent() + "0".repeat(1_000),
                fine.parent().replaceFirst("00", "ff"),
                "00-" + "0".repeat(32) + "-" + fine.span() + "-01",
                "00-" + fine.trace() + "-" + "0".repeat(16) + "-01",
                "00-" + fine.trace() + "-" + fine.span() + "-z1",
                fine.parent().replace('-', '\u0000'));
        try (Following listener = b.chat().follow("fay", "earliest")) {
            warm(listener, "fay");

            for (String parent : broken) {
                topic.sendWith("1", "fay", "m", Map.of("traceparent", parent, "tracestate", parent))
                        .get();
            }
            topic.sendWith("1", "fay", "last", Map.of("traceparent", fine.parent(), "tracestate", ",=".repeat(100_000)))
                    .get();
            listener.await(broken.size() + 2);

            collector.await(fine.trace(), "process " + world.topic("messages"));
            assertThat(collector.of(fine.trace())).hasSize(1);
        }
    }

    @Test
    void catchUpDeliveriesAreNotTraced() throws Exception {
        var client = Traced.sampled();
        client.send(a, "gert", "long ago");

        try (Following listener = b.chat().follow("gert", "earliest")) {
            listener.await(1);
        }

        collected();
        assertThat(collector.of(client.trace()).map(Collected::name))
                .doesNotContain("process " + world.topic("messages"));
    }

    @Test
    void webSocketOperationJoinsTraceOfItsExtensions() throws Exception {
        var handshake = Traced.sampled();
        var operation = Traced.sampled();

        WebSocket socket = operation.sendBySocket(a, handshake, "hans", "hello");

        Collected mutation = collector.await(operation.trace(), "mutation");
        Collected upgrade = collector.await(handshake.trace(), "GET /graphql");
        collector.await(operation.trace(), "send " + world.topic("messages"));
        assertThat(mutation.parent()).isEqualTo(operation.span());
        assertThat(upgrade.parent()).isEqualTo(handshake.span());
        assertThat(collector.of(handshake.trace())).hasSize(1);
        assertThat(socket.isInputClosed()).isFalse();
        socket.abort();
    }

    @Test
    void peerQueryBelongsToTraceOfItsOperation() throws Exception {
        var client = Traced.sampled();

        for (int i = 0; i < 20; i++) {
            client.post(a, "query($id: String!) { messages(userId: $id) { success } }", Map.of("id", "user" + i));
        }

        Collected asked = collector.await(client.trace(), span -> span.kind() == SpanKind.SPAN_KIND_CLIENT);
        Collected answered =
                collector.await(client.trace(), span -> span.parent().equals(asked.id()));
        Collected query = collector.await(client.trace(), span -> span.id().equals(asked.parent()));
        assertThat(query.name()).isEqualTo("query");
        assertThat(asked.name()).isEqualTo("POST /peer/own/timeline");
        assertThat(asked.pod()).isEqualTo("a");
        assertThat(answered.name()).isEqualTo("POST /peer/own/timeline");
        assertThat(answered.pod()).isEqualTo("b");
    }

    @Test
    void peerQueryOfSplitRolesBelongsToTraceOfItsOperation() throws Exception {
        var client = Traced.sampled();
        try (var split =
                new World(collector.setting(), "management.opentelemetry.tracing.export.schedule-delay=50ms")) {
            Pod history = split.pod("history", "chatql.roles=history");
            Pod edge = split.pod("edge", "chatql.roles=edge", "chatql.history.url=" + history.uri());

            client.post(edge, "{ messages(userId: \"ben\") { success } }", Map.of());

            Collected asked = collector.await(client.trace(), span -> span.kind() == SpanKind.SPAN_KIND_CLIENT);
            Collected answered =
                    collector.await(client.trace(), span -> span.parent().equals(asked.id()));
            assertThat(answered.name()).isEqualTo("POST /peer/any/timeline");
        }
    }

    @Test
    void spansHaveDocumentedAttributesOnlyAndNoClientText() throws Exception {
        var client = Traced.sampled();
        try (Following listener = b.chat().follow("ben-secret", "earliest")) {
            warm(listener, "ben-secret");
            client.send(a, "ben-secret", "content-secret");
            listener.await(2);
        }
        client.post(a, Traced.SEND.replace("Send", "NameSecret"), Map.of("to", "ben-secret"));
        client.post(a, "{ contentSecret }", Map.of());
        client.post(a, "query($id: String!) { messages(userId: $id) { success } }", Map.of("id", "ben-secret"));
        client.post(a, "{ messages(userId: \"ben-secret\", first: \"content-secret\") { success } }", Map.of());
        client.post(a.uri().resolve("/graphql?query=secret"), Map.of("query", " "));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> collector
                                .of(client.trace())
                                .filter(span -> span.name().equals("POST /graphql"))
                                .count()
                        == 6);
        collector.await(client.trace(), "process " + world.topic("messages"));
        assertThat(collector.all())
                .noneMatch(span -> span.everything().toLowerCase().contains("secret"));
        assertThat(collector.of(client.trace()).filter(span -> span.attributes().containsKey("error.type")))
                .hasSize(3);
        var documented = documented();
        assertThat(collector.all())
                .allSatisfy(span -> assertThat(documented.getOrDefault(kind(span), Set.of()))
                        .as(span.toString())
                        .containsAll(span.attributes().keySet()));
    }

    /** The name in the table of docs/operations.md. */
    private static String kind(Collected span) {
        return span.name()
                .replace(world.topic("messages"), "<topic>")
                .replace(world.topic("users"), "<topic>")
                .replaceFirst("^(query|mutation|subscription|GraphQL Operation)$", "<operation>")
                .replaceFirst("/peer/.*", "/peer/…")
                .replaceFirst("^(GET|POST) /graphql$", "<method> /graphql");
    }

    private static Map<String, Set<String>> documented() throws Exception {
        return Pattern.compile("(?m)^\\| `([^`]+)` \\| [A-Z, ]+ \\| ([^|]+) \\|")
                .matcher(Files.readString(Path.of("../docs/operations.md")))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> Arrays.stream(row.group(2).split(","))
                                .map(name -> name.trim().replace("`", ""))
                                .collect(Collectors.toSet()),
                        (first, second) ->
                                Stream.concat(first.stream(), second.stream()).collect(Collectors.toSet())));
    }

    @Test
    void probesAndPagesAreNotTraced() throws Exception {
        var client = Traced.sampled();

        client.post(a.management().resolve("/actuator/health"), Map.of());
        client.post(a.uri().resolve("/graphiql/"), Map.of());
        client.post(a, "{ hello }", Map.of());

        collector.await(client.trace(), "POST /graphql");
        assertThat(collector.of(client.trace()).map(Collected::name))
                .containsExactlyInAnyOrder("POST /graphql", "query");
    }

    @Test
    void shutdownSendsCollectedSpans() throws Exception {
        var client = Traced.sampled();
        Pod leaving = world.pod("leaving", "management.opentelemetry.tracing.export.schedule-delay=1h");
        client.send(leaving, "ida", "last words");

        assertThat(collector.of(client.trace())).isEmpty();
        leaving.close();

        assertThat(collector.of(client.trace()).map(Collected::name))
                .containsExactlyInAnyOrder("POST /graphql", "mutation", "send " + world.topic("messages"));
    }

    /** Waits until the subscription is live. */
    private static void warm(Following listener, String user) throws Exception {
        a.chat().send("anna", user, "warm");
        listener.await(1);
    }

    /** Once this span is exported, so are all before it. */
    private static void collected() throws Exception {
        for (Pod pod : List.of(a, b)) {
            var marker = Traced.sampled();
            marker.post(pod, "{ hello }", Map.of());
            collector.await(marker.trace(), "query");
        }
    }
}
