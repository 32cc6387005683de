package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.web.reactive.function.client.WebClient;
import org.yaml.snakeyaml.Yaml;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The meters of a pod after a short conversation, as Prometheus reads them. */
@ExtendWith(KafkaBroker.class)
class MetricsIT {
    private static final Path OBSERVE = Path.of("../observe");

    /** Whether a pod responded at all: Prometheus adds this itself, and names the pod. */
    private static final Set<String> PROMETHEUS_OWN = Set.of("up");

    private static final Set<String> PROMETHEUS_LABELS = Set.of("job", "instance");

    private static World world;
    private static Pod pod;
    private static Scrape scrape;

    @BeforeAll
    static void holdConversation() throws Exception {
        world = new World();
        pod = world.pod();
        Chat chat = pod.chat();
        chat.createUser("anna");
        chat.userId("anna");
        chat.users(Map.of());
        chat.send("1", "anna", "first");
        chat.send("1", "anna", "again");
        chat.send("1", "anna", "second");
        chat.createMessage(
                Map.of("senderId", "1", "recipientId", "anna", "content", "third", "clientMessageId", "some"));
        chat.createMessage(Map.of("senderId", "1", "recipientId", "anna", "content", " "));
        chat.messages("anna");
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("anna", null);
                Following resumed = chat.follow("anna", "earliest");
                Following refused = chat.follow("anna", "garbage")) {
            Disposable stream = stream(chat);
            refused.awaitEnd();
            resumed.await(4);
            await().until(() -> pod.scrape().sum("chatql_subscriptions_live") == 3);
            topic.sendRaw("anna", "no JSON").get();
            chat.send("1", "anna", "fourth");
            chat.send("1", "a user without subscribers", "fifth");
            live.await(1);
            resumed.await(5);
            // The tap's lag is sampled.
            await().until(MetricsIT::isSettled);
            scrape = pod.scrape();
            stream.dispose();
        }
        await().until(() -> pod.scrape().sum("chatql_subscriptions_live") == 0);
    }

    private static Disposable stream(Chat chat) {
        return WebClient.create()
                .post()
                .uri(chat.uri())
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .bodyValue("{\"query\":\"subscription { messages(userId: \\\"anna\\\") { content } }\"}")
                .retrieve()
                .bodyToFlux(String.class)
                .subscribe();
    }

    private static boolean isSettled() {
        Scrape now = pod.scrape();
        return now.names().contains("chatql_tap_lag")
                && now.sum("chatql_messages_delivered_total") == 7
                && now.sum("chatql_dead_letters_total") == 1
                && now.sum("chatql_tap_dispatched_total") == 1;
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    // --- clients

    @Test
    void apiIsNotServedAtManagementPort() {
        int status = WebClient.create()
                .post()
                .uri(pod.management().resolve("/graphql"))
                .header("Content-Type", "application/json")
                .bodyValue("{\"query\":\"{ hello }\"}")
                .exchangeToMono(response -> response.toBodilessEntity()
                        .map(answer -> answer.getStatusCode().value()))
                .block();

        assertThat(status).isEqualTo(404);
    }

    @Test
    void connectionsAndSubscriptionsAreCountedByTransport() {
        assertThat(scrape.sum("chatql_subscriptions_live", "transport=websocket"))
                .isEqualTo(2);
        assertThat(scrape.sum("chatql_subscriptions_live", "transport=sse")).isEqualTo(1);
        assertThat(scrape.sum("chatql_connections_open", "transport=websocket")).isEqualTo(3);
        assertThat(scrape.sum("chatql_connections_open", "transport=sse")).isEqualTo(1);
        assertThat(scrape.sum("chatql_subscriptions_behind")).isZero();
    }

    @Test
    void everyStartedSubscriptionIsCountedAsEndedOnce() {
        Scrape after = pod.scrape();

        assertThat(after.sum("chatql_subscriptions_started_total", "transport=websocket"))
                .isEqualTo(3);
        assertThat(after.sum("chatql_subscriptions_ended_total", "transport=websocket"))
                .isEqualTo(3);
        assertThat(after.sum("chatql_subscriptions_ended_total", "reason=cursor_invalid"))
                .isEqualTo(1);
        assertThat(after.sum("chatql_subscriptions_ended_total", "transport=sse", "reason=lost"))
                .isEqualTo(1);
    }

    // --- messages

    @Test
    void appendedAndRejectedMessagesAreCounted() {
        assertThat(scrape.sum("chatql_messages_appended_total")).isEqualTo(6);
        assertThat(scrape.sum("chatql_messages_refused_total", "reason=invalid"))
                .isEqualTo(1);
        assertThat(scrape.sum("chatql_messages_refused_total", "reason=unavailable"))
                .isZero();
    }

    @Test
    void deliveredMessagesAreCountedByTransportAndSource() {
        assertThat(scrape.sum("chatql_messages_delivered_total", "transport=websocket", "source=live"))
                .isEqualTo(2);
        assertThat(scrape.sum("chatql_messages_delivered_total", "transport=sse", "source=live"))
                .isEqualTo(1);
        assertThat(scrape.sum("chatql_messages_delivered_total", "source=history"))
                .isEqualTo(4);
    }

    @Test
    void deliveryDelayIsTimedForLiveMessagesOnly() {
        assertThat(scrape.sum("chatql_delivery_delay_seconds_count")).isEqualTo(3);
        assertThat(scrape.sum("chatql_delivery_delay_seconds_bucket", "le=+Inf"))
                .isEqualTo(3);
        assertThat(scrape.sum("chatql_delivery_delay_seconds_bucket", "le=10.0"))
                .isEqualTo(3);
        assertThat(scrape.sum("chatql_delivery_delay_seconds_sum")).isLessThan(30);
    }

    // --- the tap

    @Test
    void tapCountsDispatchedAndSkippedRecords() {
        assertThat(scrape.sum("chatql_tap_listeners")).isEqualTo(3);
        assertThat(scrape.sum("chatql_tap_partitions")).isEqualTo(1);
        assertThat(scrape.sum("chatql_tap_dispatched_total")).isEqualTo(1);
        assertThat(scrape.sum("chatql_tap_skipped_total"))
                .as("the invalid record")
                .isBetween(1.0, 2.0);
        assertThat(scrape.sum("chatql_tap_up")).isEqualTo(1);
    }

    @Test
    void tapLagIsReportedForOpenPartitionsOnly() {
        assertThat(scrape.samples().stream().filter(sample -> sample.name().equals("chatql_tap_lag")))
                .singleElement()
                .satisfies(lag -> assertThat(lag.value()).isZero());
    }

    // --- history

    @Test
    void historyQueriesAreTimedByKindAndLocation() {
        assertThat(count("timeline")).isEqualTo(1);
        assertThat(count("inbox")).isPositive();
        assertThat(count("duplicate_lookup")).isEqualTo(1);
        assertThat(count("name")).isEqualTo(2);
        assertThat(count("names")).isEqualTo(1);
        assertThat(scrape.sum("chatql_history_query_seconds_count", "where=remote"))
                .isZero();
    }

    private static double count(String kind) {
        return scrape.sum("chatql_history_query_seconds_count", "kind=" + kind, "where=local");
    }

    @Test
    void edgeAndHistoryPodsCountTheirOwnQueries() {
        try (var split = new World()) {
            Pod history = split.pod("history", "chatql.roles=history");
            Pod edge = split.pod("edge", "chatql.roles=edge", "chatql.history.url=" + history.uri());
            edge.chat().send("1", "anna", "hello");

            edge.chat().messages("anna");

            Scrape there = history.scrape();
            Scrape here = edge.scrape();
            assertThat(here.sum("chatql_history_query_seconds_count", "kind=timeline", "where=remote"))
                    .isEqualTo(1);
            assertThat(there.sum("chatql_history_query_seconds_count", "kind=timeline", "where=local"))
                    .isEqualTo(1);
            assertThat(here.names()).contains("chatql_subscriptions_live").doesNotContain("chatql_history_state");
            assertThat(there.names()).contains("chatql_history_state").doesNotContain("chatql_subscriptions_live");
        }
    }

    @Test
    void historyReportsItsStateAndLag() {
        assertThat(scrape.sum("chatql_history_state", "state=running")).isEqualTo(1);
        assertThat(scrape.sum("chatql_history_state")).isEqualTo(1);
        assertThat(scrape.sum("chatql_history_lag")).isZero();
    }

    @Test
    void invalidRecordIsCountedByReason() {
        assertThat(scrape.sum("chatql_dead_letters_total", "reason=json")).isEqualTo(1);
        assertThat(scrape.sum("chatql_dead_letters_total")).isEqualTo(1);
    }

    // --- the table

    @Test
    void metricsDocumentListsEveryMetricWithItsLabels() throws IOException {
        var documented = new TreeMap<String, String>();
        Pattern.compile("(?m)^\\| `(chatql_\\w+)` \\| (\\w+) \\|[^|]*\\|([^|]*)\\|")
                .matcher(Files.readString(Path.of("../docs/metrics.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2) + " " + labels(row.group(3))));

        var exported = new TreeMap<String, String>();
        scrape.types().forEach((name, type) -> {
            // Micrometer also exports each histogram's recent maximum.
            if (name.startsWith("chatql_") && !name.endsWith("_max")) {
                exported.put(name, type + " " + scrape.labels(name));
            }
        });

        assertThat(documented).isEqualTo(exported);
    }

    private static Set<String> labels(String cell) {
        return Pattern.compile("`(\\w+)`")
                .matcher(cell)
                .results()
                .map(label -> label.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyDeclaredMeterIsRegistered() {
        Set<String> registered = pod.bean(MeterRegistry.class).getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .filter(name -> name.startsWith("chatql."))
                .collect(Collectors.toSet());

        assertThat(registered)
                .isEqualTo(Arrays.stream(Meters.values()).map(Meters::id).collect(Collectors.toSet()));
    }

    // --- dashboard, alerts and documents

    @Test
    void dashboardQueriesExistingMetricsOnly() throws IOException {
        JsonNode dashboard =
                JsonMapper.shared().readTree(Files.readString(OBSERVE.resolve("grafana/dashboards/chatql.json")));

        List<PromQl> queries =
                dashboard.findValuesAsString("expr").stream().map(PromQl::new).toList();

        assertThat(queries).hasSizeGreaterThan(20).allSatisfy(MetricsIT::isAnswered);
    }

    @Test
    void alertsQueryExistingMetricsAndLinkToInstructions() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> file =
                new Yaml().load(Files.readString(OBSERVE.resolve("prometheus/alerts.yml")));

        List<Map<String, Object>> rules = file.get("groups").getFirst().get("rules");
        List<String> answers = Files.readAllLines(OBSERVE.resolve("../docs/operations.md")).stream()
                .filter(line -> line.startsWith("## "))
                .map(heading -> "docs/operations.md#"
                        + heading.substring(3).toLowerCase(Locale.ROOT).replace(' ', '-'))
                .toList();

        assertThat(rules).hasSizeGreaterThan(10).allSatisfy(rule -> {
            isAnswered(new PromQl((String) rule.get("expr")));
            assertThat(rule.get("annotations"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, String.class))
                    .containsOnlyKeys("summary", "action", "runbook")
                    .hasEntrySatisfying(
                            "runbook", runbook -> assertThat(runbook).isIn(answers));
        });
    }

    private static void isAnswered(PromQl query) {
        assertThat(query.metrics()).as(query.text()).isNotEmpty().isSubsetOf(union(scrape.names(), PROMETHEUS_OWN));
        assertThat(query.labels()).as(query.text()).isSubsetOf(union(scrape.labels(), PROMETHEUS_LABELS));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toSet());
    }
}
