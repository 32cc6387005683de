package chatql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What clients and records can make one pod keep: each thing with its bound, and how many of it there are at most. The
 * numbers are the defaults of the settings and the constants of the code.
 */
final class MemoryBudget {
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final long KIB = 1 << 10;

    /** Of a Java object with a few fields, its entry in a map and its share of the map's table. */
    private static final long ENTRY = 150;

    /** Bytes of a character of a string; one that is not Latin-1 takes two. */
    private static final long CHARACTER = 2;

    private static final String BENCH = "`bench`, idle";

    /** Where it is kept. */
    enum Memory {
        HEAP,
        /** Netty's buffers, which the JVM bounds by as much again as the heap. */
        BUFFERS
    }

    /**
     * One thing.
     *
     * @param bound what bounds one of it: a setting, or a constant of the code
     * @param each in bytes, at most
     * @param number of it, at most
     * @param test fills it, or comes up against its bound
     */
    record Kept(String thing, String bound, Memory memory, long each, long number, String test) {
        long bytes() {
            return Math.multiplyExact(each, number);
        }

        /** Of the table in SECURITY.md. */
        String row() {
            return "| %s | %s | %s | %s | %,d | %s | %s |"
                    .formatted(
                            thing,
                            bound,
                            memory.name().toLowerCase(Locale.ROOT),
                            size(each),
                            number,
                            size(bytes()),
                            test);
        }

        private static String size(long bytes) {
            if (bytes < KIB) {
                return bytes + " B";
            }
            return bytes < KIB * KIB ? bytes / KIB + " KiB" : "%,d MiB".formatted(bytes / KIB / KIB);
        }
    }

    private final Map<String, String> settings = new HashMap<>();

    MemoryBudget() {
        try {
            for (URL list : Collections.list(MemoryBudget.class.getClassLoader().getResources(METADATA))) {
                try (InputStream text = list.openStream()) {
                    JsonMapper.shared().readTree(text).get("properties").forEach(this::know);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void know(JsonNode property) {
        JsonNode value = property.path("defaultValue");
        if (!value.isMissingNode()) {
            settings.put(property.get("name").stringValue(), value.isArray() ? "" : value.asString());
        }
    }

    /** A default, in bytes where it is a size. */
    private long setting(String name) {
        return DataSize.parse(settings.get("chatql." + name)).toBytes();
    }

    private static long constant(String type, String name) {
        try {
            Field field = Class.forName("chatql." + type).getDeclaredField(name);
            field.setAccessible(true);
            return ((Number) field.get(null)).longValue();
        } catch (ReflectiveOperationException renamed) {
            throw new IllegalStateException(renamed);
        }
    }

    /** Everything. */
    List<Kept> all() {
        long connections = setting("limits.connections");
        long requests = setting("limits.requests");
        long channels = connections + requests;
        long operations = setting("limits.operations");
        long frame = setting("transport.max-frame");
        long body = setting("transport.max-body");
        long token = constant("security.Tokens", "LONGEST");
        // A control character is six in JSON.
        long event = 6 * setting("message.largest-content");
        long content = CHARACTER * setting("message.largest-content");
        long user = ENTRY + CHARACTER * constant("user.UserId", "LONGEST");
        long identity = ENTRY + 2 * user + CHARACTER * constant("message.Draft", "LONGEST_ID");
        return List.of(
                // --- connections
                heap("a socket or stream with an idle subscription", "measured", 6 * KIB, connections, BENCH),
                heap("each further idle subscription", "measured", KIB, operations, attack("sockets that do nothing")),
                heap("a head of a request", "Reactor Netty's 8 KiB and 4 KiB", 12 * KIB, channels, attack("headers")),
                heap("what a caller has shown", "`Tokens.LONGEST`", token, connections, "`TokensTest`"),
                heap(
                        "the payload of `connection_init`",
                        "`max-frame`",
                        CHARACTER * frame,
                        connections,
                        attack("payloads")),
                heap("an operation's id", "`max-frame`", CHARACTER * frame, operations, attack("ids")),
                buffers("fragments of a message", "`max-frame`", frame, connections, attack("fragments")),
                buffers("a frame that is not whole", "`max-frame`", frame, connections, attack("fragments")),
                buffers(
                        "events that wait for a client",
                        "`outbound-bound`",
                        setting("transport.outbound-bound"),
                        channels,
                        attack("event streams")),
                buffers(
                        "answers to a client's frames",
                        "`control-bound`",
                        setting("transport.control-bound"),
                        connections,
                        attack("pings")),
                // --- requests and answers
                heap("a body, twice while it grows", "`max-body`", 2 * body, requests, attack("bodies")),
                heap("a stream's body, twice while it grows", "`max-body`", 2 * body, connections, attack("bodies")),
                heap(
                        "an answer with a page of messages",
                        "`TimelineReader.LARGEST_PAGE`",
                        constant("kafka.TimelineReader", "LARGEST_PAGE"),
                        operations + requests,
                        attack("pages")),
                // --- subscriptions
                heap("an event that waits, escaped", "`largest-content`", event, operations, attack("one's own large")),
                heap(
                        "messages that wait for a subscriber",
                        "`buffer-bytes`",
                        setting("delivery.buffer-bytes"),
                        operations,
                        "`SlowClientIT`"),
                heap(
                        "messages handed over to a subscriber",
                        "`Listener.HANDOVER`",
                        constant("delivery.Listener", "HANDOVER") * (content + user),
                        operations,
                        "`SlowClientIT`"),
                heap(
                        "a page that a subscription reads",
                        "`page-weight`",
                        setting("history.page-weight") + content,
                        operations,
                        attack("event streams")),
                // --- what is remembered
                heap(
                        "documents, a hundred times their characters",
                        "`DocumentCache.LARGEST`",
                        100,
                        constant("graphql.transport.DocumentCache", "LARGEST"),
                        attack("documents")),
                heap(
                        "headers and what they come to",
                        "`Accept.KNOWN`, of 8 KiB",
                        2 * CHARACTER * 8 * KIB,
                        constant("graphql.transport.Accept", "KNOWN"),
                        attack("headers")),
                heap("names of JSON's fields", "Jackson's 12,000 of 50,000", 2 * 50_000, 12_000, attack("field names")),
                heap(
                        "how often a user or an address wrote",
                        "`Rate.KEYS`",
                        500 + user,
                        2 * constant("limit.Rate", "KEYS"),
                        attack("senders")),
                heap(
                        "where a user wrote last",
                        "`OwnWrites.USERS`, twice",
                        user + 2 * ENTRY,
                        2 * constant("kafka.OwnWrites", "USERS"),
                        attack("senders")),
                heap(
                        "ids of messages, in each partition",
                        "`Recent.REMEMBERED`",
                        identity,
                        setting("topics.partitions") * constant("kafka.Recent", "REMEMBERED"),
                        attack("keys")),
                heap(
                        "messages that may be sent again",
                        "`Retries.REMEMBERED`",
                        identity + content,
                        constant("kafka.Retries", "REMEMBERED"),
                        attack("senders")),
                heap(
                        "the latest messages, as they were told",
                        "`LatestViews.KEPT`, `MessageView.CHOICES`",
                        event,
                        constant("graphql.LatestViews", "KEPT") * constant("graphql.MessageView", "CHOICES"),
                        attack("one's own large")),
                // --- the log
                heap(
                        "messages that wait for the producer",
                        "`Appender.WAITING`",
                        content + user,
                        constant("kafka.Appender", "WAITING"),
                        "`BrokerAwayIT`"),
                heap("what a producer holds", "Kafka's `buffer.memory`", 32 * KIB * KIB, 2, "`BrokerAwayIT`"),
                heap(
                        "records of one fetch, as they are packed",
                        "Kafka's `fetch.max.bytes`",
                        50 * KIB * KIB,
                        2,
                        attack("compressed records")),
                heap(
                        "reads of history that wait",
                        "`HistoryConfiguration.WAITING_READS`",
                        KIB,
                        constant("kafka.HistoryConfiguration", "WAITING_READS"),
                        attack("cursors")),
                heap(
                        "questions to another pod that wait",
                        "`PeerClient.WAITING`",
                        token,
                        constant("kafka.PeerClient", "WAITING"),
                        "`InboxesTest`"),
                heap(
                        "an answer of another pod",
                        "`PeerClient.LARGEST_ANSWER`",
                        constant("kafka.PeerClient", "LARGEST_ANSWER"),
                        constant("kafka.PeerClient", "CONNECTIONS"),
                        "`InboxesTest`"));
    }

    private static String attack(String name) {
        return "`MemoryAttacksIT`, " + name;
    }

    private static Kept heap(String thing, String bound, long each, long number, String test) {
        return new Kept(thing, bound, Memory.HEAP, each, number, test);
    }

    private static Kept buffers(String thing, String bound, long each, long number, String test) {
        return new Kept(thing, bound, Memory.BUFFERS, each, number, test);
    }
}
