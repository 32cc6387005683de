package chatql.graphql.transport;

import static chatql.graphql.transport.Offender.operation;
import static chatql.graphql.transport.Offender.post;
import static chatql.graphql.transport.Offender.request;
import static chatql.graphql.transport.Offender.subscribe;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import chatql.Topic;
import chatql.World;
import chatql.message.Cursor;
import chatql.user.UserId;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Attacks of one client, or of another service that writes to the topic, with the default limits. */
final class MemoryAttacks {
    /**
     * The prepared data of the pod.
     *
     * @param large a user with {@value #PAGE_BYTES} bytes of large messages
     * @param partition of that user
     * @param many a user with very many messages
     * @param cursor of the last one of those
     * @param compressed another service, which compresses its records
     */
    record Prepared(String large, int partition, String many, Cursor cursor, Topic compressed) {
        /**
         * Whether the user is in the partition that large records are written to. Its users wait for them, because a
         * pod reads a partition in its order; all others do not.
         */
        boolean isAttacked(String user) {
            return World.KEY_PARTITIONER.of(new UserId(user)) == cursor.partition();
        }
    }

    /** More than the largest page of messages. */
    static final int PAGE_BYTES = 4 << 20;

    /** Just below the default of {@code chatql.transport.max-body}. */
    private static final int BODY = 255 * 1024;

    /** Just below the default of {@code chatql.transport.max-frame}. */
    private static final int FRAME = 63 * 1024;

    /** Just below the server's limit of a request's head. */
    private static final int HEAD = 7_500;

    /** Just below the default of {@code chatql.message.max-content-size}. Each character is six in JSON. */
    private static final String CONTENT = "\\u0001".repeat(16_000);

    /** As many aliases of one field as the default of {@code chatql.limits.complexity} allows. */
    private static final int ALIASES = 180;

    private static final List<Integer> SOME = List.of(1, 18, ALIASES);

    /** The repetitions of each way in a mix. */
    private static final Duration TURN = Duration.ofMillis(300);

    private static final String HELLO = operation("{ hello }");
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** Attacks that fill the caches, which are bounded. */
    static final MemoryAttack CACHES = new MemoryAttack(
            "caches",
            MemoryAttacks::documents,
            MemoryAttacks::differentHeaders,
            MemoryAttacks::identities,
            MemoryAttacks::largeVariables);

    private static final List<MemoryAttack> EACH = List.of(
            new MemoryAttack("operation names of 250 KB", four(MemoryAttacks::operationNames)),
            new MemoryAttack(
                    "1 and 16 pages of large messages, on unread sockets", two(MemoryAttacks::pagesOnUnreadSockets)),
            new MemoryAttack("pages of large messages, over HTTP, unread", two(MemoryAttacks::unreadPages)),
            new MemoryAttack(
                    "180 aliases of a page's content, fragments", MemoryAttacks::aliases, MemoryAttacks::fragments),
            new MemoryAttack("ids of 60 KB for 100 operations on each socket", two(MemoryAttacks::operationIds)),
            new MemoryAttack(
                    "payloads of 60 KB at connection_init, and sockets that do nothing more or only subscribe",
                    MemoryAttacks::initPayloads,
                    MemoryAttacks::idleSubscriptions),
            new MemoryAttack("compressed records of 1 MB each, to 20 subscriptions", MemoryAttacks::compressedRecords),
            new MemoryAttack("compressed records with keys of 500 KB", MemoryAttacks::largeKeys),
            new MemoryAttack("forged cursors in four loops", four(MemoryAttacks::forgedCursors)),
            new MemoryAttack("half upgrades and broken requests", MemoryAttacks::brokenRequests),
            new MemoryAttack("requests between pods, unread", two(MemoryAttacks::peers)),
            new MemoryAttack(
                    "large, many and different headers and addresses",
                    MemoryAttacks::largeHeaders,
                    MemoryAttacks::manyHeaders,
                    MemoryAttacks::differentHeaders,
                    MemoryAttacks::addresses),
            new MemoryAttack(
                    "variables and extensions, large, many and deep",
                    MemoryAttacks::largeVariables,
                    MemoryAttacks::manyVariables,
                    MemoryAttacks::deepVariables),
            new MemoryAttack("JSON field names of 50 KB", MemoryAttacks::names, MemoryAttacks::namesInFrames),
            new MemoryAttack("users by prefix, 18 pages at once", two(MemoryAttacks::usersByPrefix)),
            new MemoryAttack("subscriptions of new users from earliest", two(MemoryAttacks::newUsers)),
            new MemoryAttack("100 subscriptions to one's own large messages, unread", MemoryAttacks::ownMessages),
            new MemoryAttack("event streams, unread", two(MemoryAttacks::unreadStreams)),
            new MemoryAttack(
                    "pings, fragments and messages without an end",
                    MemoryAttacks::pings,
                    MemoryAttacks::tinyFragments,
                    MemoryAttacks::endlessMessages),
            new MemoryAttack("different documents", two(MemoryAttacks::documents)),
            new MemoryAttack("different senders, recipients and ids of messages", two(MemoryAttacks::identities)),
            new MemoryAttack("bodies without an end", four(MemoryAttacks::endlessBodies)),
            new MemoryAttack("pipelined requests, unread", two(MemoryAttacks::pipelined)),
            new MemoryAttack("the pages' files, compressed and unread", two(MemoryAttacks::unreadFiles)));

    private MemoryAttacks() {}

    static Stream<MemoryAttack> all() {
        return Stream.of(Stream.of(new MemoryAttack("none", offender -> {})), EACH.stream(), Stream.of(mix()))
                .flatMap(each -> each);
    }

    private static MemoryAttack.Way[] two(MemoryAttack.Way way) {
        return new MemoryAttack.Way[] {way, way};
    }

    private static MemoryAttack.Way[] four(MemoryAttack.Way way) {
        return new MemoryAttack.Way[] {way, way, way, way};
    }

    /** The offender's seed determines which of them run, and in which order. */
    static MemoryAttack mix() {
        List<MemoryAttack.Way> ways = EACH.stream()
                .flatMap(attack -> attack.ways().stream())
                .distinct()
                .toList();
        return new MemoryAttack("a mix of all of them", four(offender -> {
            List<MemoryAttack.Way> mixed = new ArrayList<>(ways);
            Collections.shuffle(mixed, offender.random());
            for (MemoryAttack.Way way : mixed) {
                Offender one = offender.within(TURN);
                MemoryAttack.repeat(way, one);
                offender.letGo(one);
            }
        }));
    }

    // --- documents and queries

    private static void operationNames(Offender offender) throws IOException {
        offender.ask(() -> post(operation("{ hello }", "\"operationName\":\"" + offender.unique(BODY - 100) + "\"")));
    }

    private static void documents(Offender offender) throws IOException {
        offender.ask(() -> post(operation("{ " + name(offender.unique(6_000)) + ": hello }")));
    }

    private static String name(String text) {
        return "n" + text.replace('-', '_');
    }

    private static void pagesOnUnreadSockets(Offender offender) {
        RawSocket socket = offender.unreadSocket();
        String page = "messages(userId: \"" + offender.on().large() + "\", last: 1000) { messages { content } }";
        for (int id = 0; id < 100; id++) {
            int pages = id % 2 == 0 ? 16 : 1;
            socket.frame(RawSocket.TEXT, subscribe("id" + id, operation("{ " + aliases(pages, page) + " }")));
        }
    }

    private static void unreadPages(Offender offender) {
        write(
                offender.unread(),
                post(operation("{ messages(userId: \"" + offender.on().large()
                        + "\", last: 1000) { messages { content } } }")));
    }

    private static void aliases(Offender offender) {
        int size = offender.random().nextBoolean() ? 1000 : 5;
        write(
                offender.unread(),
                post(operation("{ messages(userId: \"" + offender.on().large() + "\", last: " + size + ") { messages { "
                        + aliases(ALIASES, "content") + " } } }")));
    }

    private static void fragments(Offender offender) {
        String page = "messages(userId: \"" + offender.on().large() + "\", last: 1000) { messages { ...f0 } }";
        String doubling = IntStream.range(0, 6)
                .mapToObj(i -> "fragment f" + i + " on Message { a" + i + ": content ...f" + (i + 1) + " }")
                .collect(Collectors.joining(" "));
        write(
                offender.unread(),
                post(operation("{ " + aliases(10, page) + " } " + doubling + " fragment f6 on Message { "
                        + aliases(8, "content") + " }")));
    }

    private static String aliases(int count, String field) {
        return IntStream.range(0, count).mapToObj(i -> "a" + i + ": " + field).collect(Collectors.joining(" "));
    }

    private static void usersByPrefix(Offender offender) throws IOException {
        offender.ask(() -> post(operation("{ " + aliases(18, "users(first: 1000, prefix: \"\") { success }") + " }")));
    }

    private static void largeVariables(Offender offender) throws IOException {
        offender.ask(
                () -> post(operation("{ hello }", "\"variables\":{\"v\":\"" + offender.unique(BODY - 100) + "\"}")));
    }

    private static void manyVariables(Offender offender) throws IOException {
        offender.ask(() -> post(operation(
                "{ hello }",
                "\"extensions\":{"
                        + IntStream.range(0, 10_000)
                                .mapToObj(i -> "\"" + offender.unique(10) + "\":[]")
                                .collect(Collectors.joining(","))
                        + "}")));
    }

    private static void deepVariables(Offender offender) throws IOException {
        String deep = "[".repeat(450) + "]".repeat(450);
        String many = IntStream.range(0, 250).mapToObj(i -> deep).collect(Collectors.joining(","));
        offender.ask(() -> post(operation("{ hello }", "\"variables\":{\"v\":[" + many + "]}")));
    }

    private static void names(Offender offender) throws IOException {
        offender.ask(() -> post(operation("{ hello }", "\"variables\":{" + fields(offender, 5) + "}")));
    }

    private static void namesInFrames(Offender offender) {
        RawSocket socket = offender.ready();
        while (offender.goesOn()) {
            socket.frame(
                    RawSocket.TEXT, ("{\"type\":\"ping\",\"payload\":{" + fields(offender, 1) + "}}").getBytes(UTF_8));
            socket.message();
        }
    }

    private static String fields(Offender offender, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + offender.unique(49_000) + "\":1")
                .collect(Collectors.joining(","));
    }

    private static void forgedCursors(Offender offender) throws IOException {
        Random random = offender.random();
        offender.ask(() ->
                post(operation("{ messages(userId: \"" + offender.on().many() + "\", first: 10, after: \""
                        + forged(offender.on().cursor(), random).text() + "\") { success } }")));
    }

    private static Cursor forged(Cursor cursor, Random random) {
        return new Cursor(
                cursor.epoch(),
                random.nextBoolean() ? 0 : random.nextLong(cursor.timestamp()),
                cursor.partition(),
                random.nextBoolean() ? cursor.offset() : random.nextLong(cursor.offset() + 1));
    }

    // --- messages and subscriptions

    private static void operationIds(Offender offender) {
        RawSocket socket = offender.ready();
        for (int i = 0; i < 100; i++) {
            socket.frame(
                    RawSocket.TEXT,
                    subscribe(
                            offender.unique(60_000),
                            operation("subscription { messages(userId: \""
                                    + offender.on().large() + "\") { id } }")));
        }
    }

    private static void idleSubscriptions(Offender offender) {
        RawSocket socket = offender.ready();
        for (int id = 0; id < 100; id++) {
            socket.frame(
                    RawSocket.TEXT,
                    subscribe(
                            "id" + id,
                            operation("subscription { messages(userId: \"" + offender.unique(100) + "\") { id } }")));
        }
    }

    private static void newUsers(Offender offender) {
        RawSocket socket = offender.unreadSocket();
        while (offender.goesOn()) {
            String id = offender.unique(100);
            socket.frame(
                    RawSocket.TEXT,
                    subscribe(
                            id,
                            operation(
                                    "subscription { messages(userId: \"" + id + "\", after: \"earliest\") { id } }")));
            socket.frame(RawSocket.TEXT, ("{\"type\":\"complete\",\"id\":\"" + id + "\"}").getBytes(UTF_8));
        }
    }

    /** Each of the subscriptions has an event, and the client reads none. */
    private static void ownMessages(Offender offender) throws IOException {
        String me = offender.unique(100);
        for (int i = 0; i < SOME.size(); i++) {
            RawSocket socket = offender.unreadSocket();
            for (int id = 0; id < 100; id++) {
                socket.frame(
                        RawSocket.TEXT,
                        subscribe(
                                "id" + id,
                                operation("subscription { messages(userId: \"" + me + "\") { "
                                        + aliases(SOME.get(i), "content") + " } }")));
            }
        }
        offender.ask(() -> post(operation(
                "mutation($content: String) { createMessage(senderId: \"" + me + "\", recipientId: \"" + me
                        + "\", content: $content) { success } }",
                "\"variables\":{\"content\":\"" + CONTENT + "\"}")));
    }

    private static void unreadStreams(Offender offender) {
        write(
                offender.unread(),
                post(
                        operation("subscription { messages(userId: \""
                                + offender.on().large() + "\", after: \"earliest\") { content } }"),
                        "Accept: text/event-stream"));
    }

    private static void identities(Offender offender) throws IOException {
        offender.ask(() -> post(operation("mutation { createMessage(senderId: \"" + offender.unique(128)
                + "\", recipientId: \"" + offender.unique(128) + "\", content: \"x\", clientMessageId: \""
                + offender.unique(128) + "\") { success } }")));
    }

    /** 20 subscriptions of one WebSocket receive each of them. */
    private static void compressedRecords(Offender offender) {
        RawSocket socket = offender.ready();
        String user = Stream.generate(() -> offender.unique(50))
                .filter(one -> offender.on().isAttacked(one))
                .findFirst()
                .orElseThrow();
        for (int id = 0; id < 20; id++) {
            socket.frame(
                    RawSocket.TEXT,
                    subscribe("id" + id, operation("subscription { messages(userId: \"" + user + "\") { content } }")));
        }
        String content = "a".repeat(1_000_000);
        while (offender.goesOn()) {
            for (int i = 0; i < 40; i++) {
                offender.on().compressed().send(user, user, content);
            }
            offender.on().compressed().producer().flush();
        }
    }

    /** Records in the partition of a subscriber. */
    private static void largeKeys(Offender offender) {
        RawSocket socket = offender.ready();
        socket.frame(
                RawSocket.TEXT,
                subscribe(
                        "1",
                        operation("subscription { messages(userId: \""
                                + offender.on().many() + "\") { content } }")));
        while (offender.goesOn()) {
            for (int i = 0; i < 40; i++) {
                var record = new ProducerRecord<>(
                        offender.on().compressed().name(),
                        offender.on().cursor().partition(),
                        offender.unique(500_000),
                        new byte[0]);
                record.headers().add("clientMessageId", offender.unique(20).getBytes(UTF_8));
                offender.on().compressed().producer().send(record);
            }
            offender.on().compressed().producer().flush();
        }
    }

    // --- frames

    private static void initPayloads(Offender offender) {
        offender.socket()
                .frame(
                        RawSocket.TEXT,
                        ("{\"type\":\"connection_init\",\"payload\":{\"p\":\"" + offender.unique(60_000) + "\"}}")
                                .getBytes(UTF_8));
    }

    private static void pings(Offender offender) {
        RawSocket socket = offender.unreadSocket();
        byte[] ping = ("{\"type\":\"ping\",\"payload\":{\"p\":\"" + offender.unique(10_000) + "\"}}").getBytes(UTF_8);
        while (offender.goesOn()) {
            socket.frame(RawSocket.TEXT, ping);
            socket.frame(RawSocket.PING, new byte[100]);
        }
    }

    private static void tinyFragments(Offender offender) {
        RawSocket socket = offender.ready();
        socket.frame(RawSocket.TEXT_BEGIN, new byte[0]);
        byte[] fragment = frame(0, new byte[1]);
        byte[] fragments = new byte[1_000 * fragment.length];
        for (int i = 0; i < fragments.length; i++) {
            fragments[i] = fragment[i % fragment.length];
        }
        for (int sent = 0; sent < FRAME && offender.goesOn(); sent += 1_000) {
            socket.bytes(fragments);
        }
    }

    private static byte[] frame(int kind, byte[] payload) {
        byte[] header = RawSocket.header(kind, payload.length);
        byte[] masked = RawSocket.masked(payload);
        byte[] frame = new byte[header.length + masked.length];
        System.arraycopy(header, 0, frame, 0, header.length);
        System.arraycopy(masked, 0, frame, header.length, masked.length);
        return frame;
    }

    /** Half of a message as a fragment, and nearly all of the other half's frame. */
    private static void endlessMessages(Offender offender) {
        RawSocket socket = offender.ready();
        socket.frame(RawSocket.TEXT_BEGIN, new byte[FRAME / 2]);
        socket.bytes(RawSocket.header(RawSocket.CONTINUATION_END, FRAME / 2), new byte[FRAME / 2]);
    }

    // --- requests

    private static void largeHeaders(Offender offender) throws IOException {
        offender.ask(() -> post(HELLO, "X-Large: " + offender.unique(HEAD)));
    }

    private static void manyHeaders(Offender offender) throws IOException {
        offender.ask(() -> post(
                HELLO, IntStream.range(0, 500).mapToObj(i -> "X" + i + ": " + i).toArray(String[]::new)));
    }

    private static void differentHeaders(Offender offender) throws IOException {
        offender.ask(() -> post(
                HELLO,
                "Accept: application/json, text/" + offender.unique(HEAD / 2),
                "X-Forwarded-For: " + offender.unique(100),
                "traceparent: " + offender.unique(HEAD / 4)));
    }

    private static void addresses(Offender offender) throws IOException {
        offender.ask(() -> request(
                "GET /graphql?query=%7Bhello%7D&variables=%7B%22v%22:%22" + offender.unique(3_900) + "%22%7D", ""));
    }

    private static void endlessBodies(Offender offender) {
        Socket socket = offender.connect();
        boolean stream = offender.random().nextBoolean();
        String head = Offender.head(
                "POST /graphql", BODY + 1, stream ? "Accept: text/event-stream" : "Accept: application/json");
        write(socket, head.getBytes(ISO_8859_1), new byte[BODY]);
    }

    /** The first request waits for a message that never arrives, and meanwhile the others are sent. */
    private static void pipelined(Offender offender) {
        Socket socket = offender.connect();
        Cursor cursor = offender.on().cursor();
        var never = new Cursor(cursor.epoch(), cursor.timestamp(), cursor.partition(), cursor.offset() + 1_000_000);
        write(
                socket,
                post(operation("{ messages(userId: \"" + offender.on().many() + "\", atLeast: \"" + never.text()
                        + "\") { success } }")));
        byte[] next = post(operation("{ hello }", "\"variables\":{\"v\":\"" + offender.unique(BODY - 100) + "\"}"));
        for (int i = 0; i < 200 && offender.goesOn(); i++) {
            write(socket, next);
        }
    }

    private static final List<String> CODINGS =
            List.of("gzip", "deflate", "x-gzip", "br", "zstd", "snappy", "identity");

    private static void unreadFiles(Offender offender) {
        write(
                offender.unread(),
                ("GET /graphiql/lib/graphiql.min.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: "
                                + CODINGS.get(offender.random().nextInt(CODINGS.size())) + "\r\n\r\n")
                        .getBytes(ISO_8859_1));
    }

    private static void peers(Offender offender) {
        String inbox = "{\"inbox\":{\"user\":\"" + offender.on().large() + "\",\"timestamp\":0,\"partition\":"
                + offender.on().partition() + ",\"offset\":0,\"end\":" + Long.MAX_VALUE + "}}";
        String inboxes = IntStream.range(0, 32).mapToObj(i -> inbox).collect(Collectors.joining(",", "[", "]"));
        write(offender.unread(), request("POST /peer/own/inboxes", inboxes));
        write(
                offender.unread(),
                request(
                        "POST /peer/own/timeline",
                        "{\"user\":\"" + offender.on().large() + "\",\"size\":1000,\"latest\":true,\"written\":{}}"));
    }

    private static final List<String> BROKEN = List.of(
            upgrade("GET", ""),
            upgrade("GET", "Connection: close\r\n"),
            upgrade("GET", "Origin: http://localhost\r\n"),
            upgrade("GET", "Connection: Upgrade\r\nContent-Length: 10\r\n"),
            "\u0016\u0003\u0001\r\n\r\n",
            "F@@ / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b:c:d\r\n\r\n",
            "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(9_000) + "\r\n\r\n",
            "GET /chat/..%2f..%2fx HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
            "POST /graphql HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: -1\r\n\r\n",
            "GET /graphql?query=%7Bhello%7D HTTP/1.0\r\nAccept: text/event-stream\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nCookie: \u0001\r\n\r\n",
            "POST /peer/own/timeline HTTP/1.1\r\nHost: x\r\nContent-Type: ;;\r\nContent-Length: 2\r\n\r\n{}");

    private static String upgrade(String method, String headers) {
        return method + " /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: " + KEY + "\r\n" + headers + "\r\n";
    }

    /** Waits for each response no longer than it takes. */
    private static void brokenRequests(Offender offender) throws IOException {
        Random random = offender.random();
        while (offender.goesOn()) {
            Socket socket = offender.connect();
            socket.setSoTimeout(100);
            write(socket, BROKEN.get(random.nextInt(BROKEN.size())).getBytes(ISO_8859_1));
            try {
                socket.getInputStream().read();
            } catch (IOException noAnswer) {
                // Only the log matters.
            }
            offender.letGo(socket);
        }
    }

    private static void write(Socket socket, byte[]... parts) {
        Offender.write(socket, parts);
    }
}
