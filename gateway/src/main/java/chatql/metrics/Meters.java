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
 * Everything that the gateway counts of its own: each thing's name, and which labels it has. No label has a value that a
 * client chooses, so that there are never more of them for more clients.
 */
public enum Meters {
    CONNECTIONS_OPEN("chatql.connections.open", "WebSockets and event streams that are open", "transport"),
    SUBSCRIPTIONS_LIVE("chatql.subscriptions.live", "Subscriptions that are running", "transport"),
    SUBSCRIPTIONS_STARTED("chatql.subscriptions.started", "Subscriptions that have begun", "transport"),
    SUBSCRIPTIONS_ENDED("chatql.subscriptions.ended", "Subscriptions that have ended", "transport", "reason"),
    SUBSCRIPTIONS_BEHIND(
            "chatql.subscriptions.behind", "Subscriptions that read history because they were too slow for the tap"),
    SUBSCRIPTIONS_OVERTAKEN(
            "chatql.subscriptions.lagged", "Times that a subscription was too slow and went back to history"),

    LIMITS_REFUSED("chatql.limits.rejected", "What was refused because it was too much, by the limit", "limit"),

    ISSUER_UP("chatql.issuer.up", "1 while the issuer's keys can be read, 0 while they cannot"),
    ISSUER_KEYS_AGE("chatql.issuer.keys.age.seconds", "How old the issuer's keys are that tokens are checked with"),
    ISSUER_FETCHES("chatql.issuer.fetches", "Times that the issuer was asked for its keys", "outcome"),
    ANSWERS_RESERVED(
            "chatql.answers.reserved.bytes",
            "Reserved for operations that run and answers that wait for their clients"),

    MESSAGES_APPENDED("chatql.messages.appended", "Messages that this pod has put into the log"),
    MESSAGES_REFUSED("chatql.messages.refused", "Messages that were not said, by createMessage's answer", "reason"),
    MESSAGES_DELIVERED(
            "chatql.messages.delivered", "Messages handed to a subscriber's connection", "transport", "source"),
    DELIVERY_DELAY(
            "chatql.delivery.delay",
            "From the log's time of a message to its hand-over to a connection, of those from the tap",
            "transport"),

    LOG_LOST("chatql.log.lost", "Offsets that this pod knew and that the log has lost"),

    TAP_LISTENERS("chatql.tap.listeners", "Listeners on this pod"),
    TAP_PARTITIONS("chatql.tap.partitions", "Partitions that are read because somebody here listens in them"),
    TAP_DISPATCHED("chatql.tap.dispatched", "Records that were handed to a listener at least"),
    TAP_SKIPPED("chatql.tap.skipped", "Records that were read and that no listener took"),
    TAP_LAG("chatql.tap.lag", "Records in an open partition that the tap has not read yet", "partition"),
    TAP_UP("chatql.tap.up", "1 while the tap reads the log, 0 while it cannot"),
    TAP_RESTARTS("chatql.tap.restarts", "Times that the tap lost its connection or its place and began again"),

    HISTORY_QUERY("chatql.history.query", "Time to an answer of whoever keeps a part of history", "kind", "where"),
    HISTORY_FAILED("chatql.history.query.errors", "Questions to whoever keeps a part that failed", "kind", "where"),
    HISTORY_WAIT("chatql.history.wait", "Time that a question waited for the stores to catch up with the log"),
    HISTORY_STATE("chatql.history.state", "1 for what Kafka Streams is doing, 0 for what it is not", "state"),
    HISTORY_LAG("chatql.history.lag", "Records that the topology has not read yet, of this pod's share", "topic"),
    HISTORY_RESTORED("chatql.history.restored", "Entries of stores that were read again, for they were not on disk"),
    HISTORY_MEMORY("chatql.history.memory.bytes", "Native memory that the stores hold"),
    HISTORY_BROKEN("chatql.history.corrupt.blocks", "Blocks of stores that were broken when they were read"),
    DEAD_LETTERS("chatql.dead.letters", "Records that are no messages and were put aside", "reason"),
    REWRITTEN("chatql.records.rerouted", "Records that stood in the wrong place and were written again", "reason"),
    REPEATS("chatql.records.duplicates", "Records that are not shown, for they repeat an earlier one", "by");

    /** From what the log needs at least to the patience of a client; each costs a series per timer and label. */
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

    /** Its name in Micrometer; Prometheus has underscores, and a unit or {@code _total} behind it. */
    public String id() {
        return id;
    }

    public List<String> labels() {
        return labels;
    }

    /**
     * Counts one by one. Whoever counts often keeps the counter.
     *
     * @param values of the labels, in their order
     */
    public Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(id).description(description).tags(tags(values)).register(registry);
    }

    /** Counts what the object has counted itself. */
    public <T> void count(MeterRegistry registry, T of, ToDoubleFunction<T> count, String... values) {
        FunctionCounter.builder(id, of, count)
                .description(description)
                .tags(tags(values))
                .register(registry);
    }

    public <T> void gauge(MeterRegistry registry, T of, ToDoubleFunction<T> value, String... values) {
        Gauge.builder(id, of, value).description(description).tags(tags(values)).register(registry);
    }

    /** A gauge for each of what there is at the moment. */
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
