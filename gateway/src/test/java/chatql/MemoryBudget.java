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
     */
    record Kept(String thing, String bound, Memory memory, long each, long number) {
        long bytes() {
            return Math.multiplyExact(each, number);
        }

        /** Of the table in SECURITY.md. */
        String row() {
            return "| %s | %s | %s | %s | %,d | %s |"
                    .formatted(thing, bound, memory.name().toLowerCase(Locale.ROOT), size(each), number, size(bytes()));
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
        long partitions = setting("topics.partitions");
        long content = CHARACTER * setting("message.largest-content");
        long user = ENTRY + CHARACTER * constant("user.UserId", "LONGEST");
        long identity = ENTRY + 2 * user + CHARACTER * constant("message.Draft", "LONGEST_ID");
        return List.of(
                // --- connections
                heap("a WebSocket or event stream with an idle subscription", "measured", 6 * KIB, connections),
                heap(
                        "a connection's head of a request",
                        "Reactor Netty: 8 KiB, and 4 KiB for the first line",
                        12 * KIB,
                        channels),
                heap(
                        "what a caller has shown",
                        "`Tokens.LONGEST`",
                        constant("security.Tokens", "LONGEST"),
                        connections),
                heap(
                        "the payload of `connection_init`",
                        "`chatql.transport.max-frame`",
                        CHARACTER * setting("transport.max-frame"),
                        connections),
                heap(
                        "an operation's id",
                        "`chatql.transport.max-frame`",
                        CHARACTER * setting("transport.max-frame"),
                        operations),
                buffers(
                        "a WebSocket message of which fragments came",
                        "`chatql.transport.max-frame`",
                        setting("transport.max-frame"),
                        connections),
                buffers(
                        "a frame that is not whole",
                        "`chatql.transport.max-frame`",
                        setting("transport.max-frame"),
                        connections),
                buffers(
                        "events that wait for a client",
                        "`chatql.transport.outbound-bound`",
                        setting("transport.outbound-bound"),
                        channels),
                buffers(
                        "answers to a client's own frames that wait for it",
                        "`chatql.transport.control-bound`",
                        setting("transport.control-bound"),
                        connections),
                // --- requests and answers
                heap(
                        "a body that is read",
                        "`chatql.transport.max-body`, twice while it grows",
                        2 * setting("transport.max-body"),
                        requests),
                heap(
                        "the body of an event stream's request",
                        "`chatql.transport.max-body`, twice while it grows",
                        2 * setting("transport.max-body"),
                        connections),
                heap(
                        "an answer with a page of messages that waits for its client",
                        "`TimelineReader.LARGEST_PAGE`",
                        constant("kafka.TimelineReader", "LARGEST_PAGE"),
                        operations + requests),
                // --- subscriptions
                heap(
                        "an event that waits for its turn",
                        "`chatql.message.largest-content`, escaped",
                        6 * setting("message.largest-content"),
                        operations),
                heap(
                        "messages that wait for a subscriber",
                        "`chatql.delivery.buffer-bytes`",
                        setting("delivery.buffer-bytes"),
                        operations),
                heap(
                        "a page that a subscription reads",
                        "`chatql.history.page-weight`",
                        setting("history.page-weight") + content,
                        operations),
                // --- what the gateway remembers
                heap(
                        "documents that were read",
                        "`DocumentCache.LARGEST`, a hundred times",
                        100,
                        constant("graphql.transport.DocumentCache", "LARGEST")),
                heap(
                        "headers that were understood",
                        "`Accept.KNOWN`, of 8 KiB",
                        2 * CHARACTER * 8 * KIB,
                        constant("graphql.transport.Accept", "KNOWN")),
                heap(
                        "JSON's field names that were read",
                        "Jackson: 12,000 names of 50,000 characters",
                        CHARACTER * 50_000,
                        12_000),
                heap(
                        "how often a user or an address wrote",
                        "`Rate.KEYS`",
                        500 + user,
                        2 * constant("limit.Rate", "KEYS")),
                heap(
                        "what a user wrote last",
                        "`OwnWrites.USERS`, twice",
                        user + 2 * ENTRY,
                        2 * constant("kafka.OwnWrites", "USERS")),
                heap(
                        "ids of messages that came by the tap",
                        "`Recent.REMEMBERED`, in each partition",
                        identity,
                        partitions * constant("kafka.Recent", "REMEMBERED")),
                heap(
                        "messages that may be sent again",
                        "`Retries.REMEMBERED`",
                        identity + content,
                        constant("kafka.Retries", "REMEMBERED")),
                heap(
                        "views of the latest messages",
                        "`LatestViews.KEPT`, by `MessageView.CHOICES`",
                        6 * setting("message.largest-content"),
                        constant("graphql.LatestViews", "KEPT") * constant("graphql.MessageView", "CHOICES")),
                // --- the log
                heap(
                        "messages that wait for the producer",
                        "`Appender.WAITING`",
                        content + user,
                        constant("kafka.Appender", "WAITING")),
                heap("what the producer holds", "Kafka: `buffer.memory`", 32 * KIB * KIB, 1),
                heap(
                        "reads of history that wait",
                        "`HistoryConfiguration.WAITING_READS`",
                        KIB,
                        constant("kafka.HistoryConfiguration", "WAITING_READS")),
                heap(
                        "questions to other pods that wait",
                        "`PeerClient.WAITING`",
                        constant("security.Tokens", "LONGEST"),
                        constant("kafka.PeerClient", "WAITING")),
                heap(
                        "another pod's answer",
                        "`PeerClient.LARGEST_ANSWER`",
                        constant("kafka.PeerClient", "LARGEST_ANSWER"),
                        constant("kafka.PeerClient", "CONNECTIONS")),
                heap(
                        "records of one fetch, of the tap and of history",
                        "Kafka: `fetch.max.bytes`, packed",
                        50 * KIB * KIB,
                        2));
    }

    private static Kept heap(String thing, String bound, long each, long number) {
        return new Kept(thing, bound, Memory.HEAP, each, number);
    }

    private static Kept buffers(String thing, String bound, long each, long number) {
        return new Kept(thing, bound, Memory.BUFFERS, each, number);
    }
}
