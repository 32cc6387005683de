package chatql.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The gateway's own meters: the name, description and labels of each. No label has a value that a client chooses, so
 * that more clients do not cause more series.
 */
public enum Meters {
    CONNECTIONS_OPEN("chatql.connections.open", "WebSockets and event streams open at the moment", "transport"),
    SUBSCRIPTIONS_LIVE("chatql.subscriptions.live", "Subscriptions running at the moment", "transport"),
    SUBSCRIPTIONS_STARTED("chatql.subscriptions.started", "Subscriptions started", "transport"),
    SUBSCRIPTIONS_ENDED("chatql.subscriptions.ended", "Subscriptions ended", "transport", "reason"),
    SUBSCRIPTIONS_BEHIND(
            "chatql.subscriptions.behind", "Subscriptions that read history because they were too slow for the tap"),
    SUBSCRIPTIONS_LAGGED("chatql.subscriptions.lagged", "Times that a subscription lagged and fell back to history"),

    LIMITS_REJECTED("chatql.limits.rejected", "Work rejected, by the limit that it exceeded", "limit"),

    ISSUER_UP("chatql.issuer.up", "1 while the issuer's keys can be read, 0 while they cannot"),
    ISSUER_KEYS_AGE("chatql.issuer.keys.age.seconds", "Age of the issuer's keys that tokens are checked with"),
    ISSUER_FETCHES("chatql.issuer.fetches", "Requests for the issuer's keys", "outcome"),
    ANSWERS_RESERVED(
            "chatql.answers.reserved.bytes",
            "Memory reserved for running operations and for answers that wait for their clients"),

    MESSAGES_APPENDED("chatql.messages.appended", "Messages that this pod has appended to the log"),
    MESSAGES_REFUSED("chatql.messages.refused", "Messages rejected, by createMessage's answer", "reason"),
    MESSAGES_DELIVERED(
            "chatql.messages.delivered", "Messages delivered to a subscriber's connection", "transport", "source"),
    DELIVERY_DELAY(
            "chatql.delivery.delay",
            "Time from a message's timestamp in the log to its delivery to a connection, for live messages",
            "transport"),

    LOG_LOST("chatql.log.lost", "Offsets lost by the log, of those that this pod knew"),

    TAP_LISTENERS("chatql.tap.listeners", "Subscribers to the tap on this pod"),
    TAP_PARTITIONS("chatql.tap.partitions", "Partitions that the tap reads because they have subscribers on this pod"),
    TAP_DISPATCHED("chatql.tap.dispatched", "Records that the tap delivered to at least one subscriber"),
    TAP_SKIPPED("chatql.tap.skipped", "Records that the tap read and that no subscriber took"),
    TAP_LAG("chatql.tap.lag", "Records in an open partition that the tap has not yet read", "partition"),
    TAP_UP("chatql.tap.up", "1 while the tap reads the log, 0 while it cannot"),
    TAP_RESTARTS("chatql.tap.restarts", "Times that the tap restarted because it lost its connection or its position"),

    HISTORY_QUERY("chatql.history.query", "Time to the answer of the pod that has the partition", "kind", "where"),
    HISTORY_QUERY_ERRORS(
            "chatql.history.query.errors", "Failed queries to the pod that has the partition", "kind", "where"),
    HISTORY_WAIT("chatql.history.wait", "Time that a query waited for the stores to catch up with the log"),
    HISTORY_STATE("chatql.history.state", "1 for the current state of Kafka Streams, 0 for the others", "state"),
    HISTORY_LAG("chatql.history.lag", "Records that the topology has not yet read, in this pod's partitions", "topic"),
    HISTORY_RESTORED(
            "chatql.history.restored", "Entries of stores that were restored from Kafka because they were not on disk"),
    HISTORY_MEMORY("chatql.history.memory.bytes", "Native memory that the stores use"),
    HISTORY_CORRUPT_BLOCKS("chatql.history.corrupt.blocks", "Blocks of stores that were corrupt when they were read"),
    DEAD_LETTERS("chatql.dead.letters", "Invalid records that were dead-lettered", "reason"),
    RECORDS_REROUTED("chatql.records.rerouted", "Records that were rerouted to their recipient's partition", "reason"),
    RECORDS_DUPLICATES(
            "chatql.records.duplicates", "Records that are not shown because they repeat an earlier one", "by");

    /**
     * Upper bounds from the log's shortest latency to the longest that a client waits. Each costs a series per timer
     * and label.
     */
    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final String id;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // of List.of
    private final List<String> labels;

    Meters(String id, String description, String... labels) {
        this.id = id;
        this.description = description;
        this.labels = List.of(labels);
    }

    /** The name in Micrometer. Prometheus replaces dots by underscores and appends a unit or {@code _total}. */
    public String id() {
        return id;
    }

    public List<String> labels() {
        return labels;
    }

    /**
     * A counter for direct increments. A caller that counts often keeps the instance.
     *
     * @param values of the labels, in their order
     */
    public Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(id).description(description).tags(tags(values)).register(registry);
    }

    /** A counter that reads a count that the object keeps itself. */
    public <T> void count(MeterRegistry registry, T of, ToDoubleFunction<T> count, String... values) {
        FunctionCounter.builder(id, of, count)
                .description(description)
                .tags(tags(values))
                .register(registry);
    }

    public <T> void gauge(MeterRegistry registry, T of, ToDoubleFunction<T> value, String... values) {
        Gauge.builder(id, of, value).description(description).tags(tags(values)).register(registry);
    }

    /** A group of gauges, one for each element that exists at the moment. */
    public MultiGauge gauges(MeterRegistry registry) {
        return MultiGauge.builder(id).description(description).register(registry);
    }

    public Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(id)
                .description(description)
                .tags(tags(values))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    public Tags tags(String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(id + " has the labels " + labels);
        }
        return Tags.of(IntStream.range(0, values.length)
                .boxed()
                .flatMap(i -> Tags.of(labels.get(i), values[i]).stream())
                .toList());
    }
}
