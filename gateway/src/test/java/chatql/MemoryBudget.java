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
 * The memory that clients and records can make one pod use: each thing with its bound and its maximum number. The
 * numbers are the defaults of the settings and the constants of the code.
 */
final class MemoryBudget {
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final long KIB = 1 << 10;

    /** The bytes of a Java object with a few fields, its entry in a map and its share of the map's table. */
    private static final long ENTRY = 150;

    /** Bytes of a character of a string; one that is not Latin-1 takes two. */
    private static final long CHARACTER = 2;

    /** The kind of memory. */
    enum Memory {
        HEAP,
        /** Netty's buffers, which the JVM bounds by the same size as the heap. */
        BUFFERS
    }

    /**
     * One thing.
     *
     * @param bound what bounds one of it: a setting, or a constant of the code
     * @param each its maximum size, in bytes
     * @param number its maximum number
     * @param test the test that fills it, or reaches its bound
     */
    record Kept(String thing, String bound, Memory memory, long each, long number, String test) {
        long bytes() {
            return Math.multiplyExact(each, number);
        }

        /** The row of the table in SECURITY.md. */
        String row() {
            return "| %s | %s | %s | %s | %,d | %s | %s |"
                    .formatted(
                            thing,
                            bound,
                            memory.name().toLowerCase(Locale.ROOT),
                            size(each),
                            number,
                            size(bytes()),
                            "`" + test.replace(", ", "`, `") + "`");
        }

        private static String size(long bytes) {
            if (bytes < KIB) {
                return bytes + " B";
            }
            return bytes < KIB * KIB ? bytes / KIB + " KiB" : "%,d MiB".formatted(bytes / KIB / KIB);
        }
    }

    private final Map<String, String> settings = new HashMap<>();

    private final long heap;

    /** @param heap in bytes */
    MemoryBudget(long heap) {
        this.heap = heap;
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

    /** A default value, in bytes where it is a size. */
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

    /** All rows. */
    List<Kept> all() {
        long connections = setting("limits.connections");
        long address = setting("limits.connections-per-address");
        long requests = setting("limits.requests");
        long operations = setting("limits.operations");
        long partitions = setting("topics.partitions");
        long content = CHARACTER * setting("message.max-content-size");
        long user = ENTRY + CHARACTER * constant("user.UserId", "MAX_LENGTH");
        long identity = ENTRY + 2 * user + CHARACTER * constant("message.Draft", "MAX_ID_LENGTH");
        long share = heap / constant("DeliverySettings", "SHARE");
        return List.of(
                // --- connections and operations
                heap(
                        "a connection with an idle subscription",
                        "`chatql.limits.connections`",
                        6 * KIB,
                        connections,
                        "LimitsTest"),
                heap(
                        "a further operation, with its id",
                        "`chatql.limits.operations`; `ClientMessage.MAX_ID_LENGTH`",
                        KIB + CHARACTER * constant("graphql.transport.websocket.ClientMessage", "MAX_ID_LENGTH"),
                        operations,
                        "LimitsTest, WebSocketFramesTest"),
                heap(
                        "bodies, pipelined requests, running operations, queued responses and events, for clients and pods",
                        "`chatql.limits.answer-bytes`: a quarter of the heap",
                        heap / 4,
                        1,
                        "AnswerBudgetTest, MemoryReservationTest, PeerAdmissionIT"),
                heap(
                        "events of one address beyond that: one live, one from history",
                        "`chatql.limits.connections-per-address`; `OutboundQueue.CATCH_UPS`",
                        (1 + constant("graphql.transport.connection.OutboundQueue", "CATCH_UPS")) * content,
                        address,
                        "MemoryAttacksIT"),
                heap(
                        "credentials of callers of one address",
                        "`ConnectionIdentity.MAX_LENGTH`",
                        constant("graphql.transport.admission.ConnectionIdentity", "MAX_LENGTH"),
                        address,
                        "AdmissionControlTest"),
                buffers(
                        "of one address, incomplete frames and messages, and the head of a request",
                        "`chatql.transport.max-frame`, twice, and 12 KiB",
                        2 * setting("transport.max-frame") + 12 * KIB,
                        address + setting("limits.requests-per-address"),
                        "WebSocketFramesTest"),
                buffers(
                        "of one address, responses to a client's own frames",
                        "`chatql.transport.max-pending-control-bytes`",
                        setting("transport.max-pending-control-bytes"),
                        address,
                        "WebSocketFramesTest"),
                // --- subscriptions
                heap(
                        "messages of the tap, queued for subscribers",
                        "`BufferMemory`: twice a 48th of the heap",
                        2 * share,
                        1,
                        "SubscriberBufferTest"),
                heap("pages for subscriptions", "`PageBuffer`: a 48th of the heap", share, 1, "PageBufferTest"),
                heap(
                        "views of the latest messages",
                        "`MessageViewCache.KEPT`, by `MessageView.CHOICES`, of `SharedResult.MAX_SIZE`",
                        constant("graphql.transport.execution.SharedResult", "MAX_SIZE"),
                        constant("graphql.MessageViewCache", "KEPT") * constant("graphql.MessageView", "CHOICES"),
                        "MemoryAttacksIT"),
                // --- caches
                heap(
                        "parsed documents",
                        "`DocumentCache.MAX_COUNT`",
                        constant("graphql.transport.execution.DocumentCache", "MAX_COUNT"),
                        1,
                        "DocumentCacheTest"),
                heap(
                        "parsed Accept and Content-Type headers",
                        "`ContentNegotiation.KNOWN`, of 8 KiB, twice",
                        2 * CHARACTER * 8 * KIB,
                        constant("graphql.transport.http.ContentNegotiation", "KNOWN"),
                        "MemoryAttacksIT"),
                heap(
                        "write rates of users and addresses",
                        "`RateLimiter.KEYS`, twice",
                        500 + user,
                        2 * constant("limit.RateLimiter", "KEYS"),
                        "RateLimiterTest"),
                heap(
                        "the last write of each user",
                        "`ReadYourWrites.USERS`, twice",
                        user + 2 * ENTRY,
                        2 * constant("kafka.consistency.ReadYourWrites", "USERS"),
                        "ReadYourWritesTest"),
                heap(
                        "ids of messages from the tap",
                        "`RecentMessageIds.MAX_IDS`, in each partition",
                        ENTRY + user + CHARACTER * constant("message.Draft", "MAX_ID_LENGTH"),
                        partitions * constant("kafka.tap.RecentMessageIds", "MAX_IDS"),
                        "RecentMessageIdsTest, MemoryAttacksIT"),
                heap(
                        "messages that clients may send again",
                        "`IdempotentAppend.MAX_IDENTITIES`",
                        identity + content,
                        constant("kafka.IdempotentAppend", "MAX_IDENTITIES"),
                        "IdempotentAppendTest"),
                // --- the log
                heap(
                        "appends that wait for the producer",
                        "`DurableProducer.WAITING_BYTES`",
                        constant("kafka.client.DurableProducer", "WAITING_BYTES"),
                        1,
                        "DurableProducerTest"),
                heap(
                        "appends that wait for the brokers",
                        "`KafkaClientConfigs.UNACKNOWLEDGED`",
                        constant("kafka.client.KafkaClientConfigs", "UNACKNOWLEDGED"),
                        1,
                        "DurableProducerTest"),
                heap(
                        "decompressed records of the tap",
                        "`PollBudget`: four polls",
                        constant("kafka.client.PollBudget", "BYTES")
                                + constant("kafka.client.PollBudget", "MAX_RECORD_SIZE"),
                        4,
                        "BoundedConsumerIT, UnpackedBytesIT"),
                heap(
                        "records that wait in half-read fetches of the tap",
                        "`BoundedConsumer.HALF_READ`, of `PollBudget.MAX_RECORD_SIZE`",
                        constant("kafka.client.PollBudget", "MAX_RECORD_SIZE"),
                        constant("kafka.client.BoundedConsumer", "HALF_READ"),
                        "BoundedConsumerIT"),
                heap(
                        "records of one fetch, compressed",
                        "`KafkaClientConfigs.MAX_FETCH_SIZE`, and one more under way",
                        constant("kafka.client.KafkaClientConfigs", "MAX_FETCH_SIZE"),
                        2,
                        "UnpackedBytesIT"),
                heap(
                        "queued requests to other pods",
                        "`PeerClient.MAX_PENDING`",
                        512,
                        constant("kafka.peer.PeerClient", "MAX_PENDING"),
                        "InboxBatcherTest"),
                heap(
                        "pages of inboxes for other pods, before their text is counted",
                        "`StoreQueriesConfiguration.READERS`, of `chatql.history.page-bytes` and a message",
                        setting("history.page-bytes") + content,
                        constant("kafka.StoreQueriesConfiguration", "READERS"),
                        "MemoryAttacksIT"),
                heap(
                        "request bodies of other pods",
                        "`PeerAdmission.BODIES`",
                        constant("kafka.peer.PeerAdmission", "UNIT"),
                        constant("kafka.peer.PeerAdmission", "BODIES"),
                        "PeerAdmissionIT"));
    }

    private static Kept heap(String thing, String bound, long each, long number, String test) {
        return new Kept(thing, bound, Memory.HEAP, each, number, test);
    }

    private static Kept buffers(String thing, String bound, long each, long number, String test) {
        return new Kept(thing, bound, Memory.BUFFERS, each, number, test);
    }
}
