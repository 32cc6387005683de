package chatql.graphql.transport;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/** A client at one address that attacks until its time is over, and holds its connections open until then. */
final class Offender implements AutoCloseable {
    /** The bytes of an unread connection in the client's kernel. */
    private static final int UNREAD = 4_096;

    /** The pause between two repetitions of a way, which makes 200 a second. */
    private static final long PAUSE_NANOS = 5_000_000;

    private final int port;
    private final Attacker attacker;
    private final long end;
    private final long seed;
    private final MemoryAttacks.Prepared on;
    private final AtomicLong numbers = new AtomicLong();
    private final Set<AutoCloseable> held = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** @param end in {@link System#nanoTime} */
    Offender(int port, long end, long seed, MemoryAttacks.Prepared on) {
        this.port = port;
        this.attacker = new Attacker(port, null);
        this.end = end;
        this.seed = seed;
        this.on = on;
    }

    /**
     * Pauses, and returns whether there is time for another repetition: the attack targets memory, not the processor.
     */
    boolean goesOn() {
        LockSupport.parkNanos(PAUSE_NANOS);
        return !over && System.nanoTime() < end;
    }

    /** The pod's prepared data. */
    MemoryAttacks.Prepared on() {
        return on;
    }

    Random random() {
        return new Random(seed + numbers.incrementAndGet());
    }

    /** A text of that many characters, different for each call. */
    String unique(int length) {
        String number = seed + "-" + numbers.incrementAndGet() + "-";
        return number + "x".repeat(Math.max(0, length - number.length()));
    }

    /** An offender with its own time, which is not longer than this one's. */
    Offender within(Duration time) {
        var sooner = new Offender(
                port, Math.min(end, System.nanoTime() + time.toNanos()), seed + numbers.incrementAndGet(), on);
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(sooner::close);
        return hold(sooner);
    }

    // --- connections that stay open to the end

    Socket connect() {
        return hold(attacker.connect());
    }

    /** A connection of which the kernel reads little and the client nothing. */
    Socket unread() {
        return hold(attacker.connect(UNREAD));
    }

    /** An acknowledged WebSocket that the client does not read any more. */
    RawSocket unreadSocket() {
        return hold(RawSocket.on(attacker.connect(UNREAD))).initialised();
    }

    /** A WebSocket before {@code connection_init}. */
    RawSocket socket() {
        return hold(attacker.socket());
    }

    /** An acknowledged WebSocket. */
    RawSocket ready() {
        return hold(attacker.ready());
    }

    private <T extends AutoCloseable> T hold(T connection) {
        held.add(connection);
        if (over) {
            letGo(connection);
        }
        return connection;
    }

    /** Closes one of them. */
    void letGo(AutoCloseable connection) {
        held.remove(connection);
        try {
            connection.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Ends the attack: a thread that waits on a connection is interrupted by its end. */
    @Override
    public void close() {
        over = true;
        held.forEach(this::letGo);
    }

    // --- requests

    /** A request to the API with that body, on a persistent connection. */
    static byte[] post(String body, String... headers) {
        return request("POST /graphql", body, headers);
    }

    static byte[] request(String line, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = head(line, bytes.length, headers).getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        return all;
    }

    static String head(String line, int length, String... headers) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + length
                + "\r\n" + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    static String operation(String document, String... more) {
        return "{\"query\":" + JsonMapper.shared().writeValueAsString(document)
                + (more.length == 0 ? "" : "," + String.join(",", more)) + "}";
    }

    static byte[] subscribe(String id, String operation) {
        return ("{\"type\":\"subscribe\",\"id\":\"" + id + "\",\"payload\":" + operation + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Sends requests repeatedly on one connection, each after the last response. */
    void ask(Requests requests) throws IOException {
        Socket socket = connect();
        try {
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            while (goesOn()) {
                socket.getOutputStream().write(requests.next());
                skipAnswer(in);
            }
        } finally {
            letGo(socket);
        }
    }

    /** Returns the next request. */
    @FunctionalInterface
    interface Requests {
        byte[] next();
    }

    private static void skipAnswer(DataInputStream in) throws IOException {
        int length = 0;
        String line = line(in);
        for (; !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    static void write(Socket socket, byte[]... parts) {
        try {
            for (byte[] part : parts) {
                socket.getOutputStream().write(part);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
