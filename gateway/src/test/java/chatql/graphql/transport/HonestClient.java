package chatql.graphql.transport;

import static org.awaitility.Awaitility.await;

import chatql.Chat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends 20 messages a second to itself by HTTP and receives them over a WebSocket. When either connection fails, it
 * continues as clients should: it sends again with the same {@code clientMessageId}, and subscribes again after the
 * last cursor.
 */
final class HonestClient implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(50);
    private static final Duration TRY = Duration.ofSeconds(5);

    /** How long it retries one message, and how long the last ones may take to arrive. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** How long it may take until it receives messages. */
    private static final Duration BEGINNING = Duration.ofSeconds(30);

    /** The number of messages in flight when the service is as before any attack: those of a quarter of a second. */
    private static final int CURRENT = 5;

    private static final String SUBSCRIBE =
            "{'type':'subscribe','id':'1','payload':{'query':'subscription($user: String, $after: String) "
                    + "{ messages(userId: $user, after: $after) { content cursor } }','variables':{'user':'%s','after':'%s'}}}";

    /**
     * The client's results.
     *
     * @param lost sent at any time, and never received
     * @param twice received more than once
     * @param sent since it was ready
     * @param p99 the 99th percentile of those, from the scheduled moment of a message to its arrival
     */
    record Seen(int sent, int lost, int twice, Duration p99) {}

    private final Chat chat;
    private final int port;
    private final String user;
    private final BooleanSupplier alive;
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    private final Thread receiver;
    private final List<Long> due = Collections.synchronizedList(new ArrayList<>());
    private final Map<Integer, Long> arrived = new ConcurrentHashMap<>();
    private final AtomicInteger twice = new AtomicInteger();
    private String after = "earliest";
    private int timed;
    private volatile @Nullable RawSocket socket;
    private volatile boolean over;

    /**
     * Starts the client.
     *
     * @param user of no other client
     * @param alive whether the pod is worth waiting for
     */
    HonestClient(Chat chat, int port, String user, BooleanSupplier alive) {
        this.chat = chat;
        this.port = port;
        this.user = user;
        this.alive = alive;
        this.receiver = Thread.ofPlatform().daemon().start(this::receive);
        long begin = System.nanoTime();
        sender.scheduleAtFixedRate(
                () -> send(begin + due.size() * EVERY.toNanos()), 0, EVERY.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits until it receives messages: from then on they are timed. */
    HonestClient ready() {
        await("the honest client to be served before the attack")
                .atMost(BEGINNING)
                .until(() -> arrived.size() >= Math.max(5, due.size() - CURRENT));
        timed = due.size();
        return this;
    }

    // --- sending

    private void send(long moment) {
        int number = due.size();
        due.add(moment);
        store(number, System.nanoTime() + TIMEOUT.toNanos());
    }

    /** Sends each one independently: one that waits for its response does not delay another. */
    private void store(int number, long until) {
        chat.createMessageAsync(Map.of(
                        "senderId",
                        user,
                        "recipientId",
                        user,
                        "content",
                        Integer.toString(number),
                        "clientMessageId",
                        Integer.toString(number)))
                .orTimeout(TRY.toMillis(), TimeUnit.MILLISECONDS)
                .handle((answer, failure) ->
                        failure == null && answer.get("success").booleanValue())
                .thenAccept(stored -> {
                    if (!stored && !over && System.nanoTime() < until) {
                        CompletableFuture.delayedExecutor(EVERY.toMillis(), TimeUnit.MILLISECONDS)
                                .execute(() -> store(number, until));
                    }
                });
    }

    // --- receiving

    private void receive() {
        while (!over) {
            try (RawSocket next = RawSocket.open(port, "graphql-transport-ws")) {
                socket = next;
                next.initialised().send(SUBSCRIBE.formatted(user, after));
                while (!over) {
                    received(JsonMapper.shared().readTree(next.message()).at("/payload/data/messages"));
                }
            } catch (RuntimeException | AssertionError broken) {
                // It connects again after a moment, and continues after the last cursor.
                LockSupport.parkNanos(EVERY.toNanos());
            }
        }
    }

    private void received(JsonNode message) {
        after = message.get("cursor").stringValue();
        Long before = arrived.putIfAbsent(Integer.valueOf(message.get("content").stringValue()), System.nanoTime());
        if (before != null) {
            twice.incrementAndGet();
        }
    }

    // --- the end

    /** Stops sending, waits for messages in flight, and ends. */
    Seen finish() throws InterruptedException {
        sender.shutdown();
        boolean stopped = !alive.getAsBoolean() || sender.awaitTermination(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        if (stopped && alive.getAsBoolean()) {
            try {
                await().atMost(TIMEOUT).until(() -> arrived.size() == due.size() || !alive.getAsBoolean());
            } catch (ConditionTimeoutException lost) {
                // They are counted.
            }
        }
        close();
        sender.awaitTermination(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        return new Seen(due.size() - timed, due.size() - arrived.size(), twice.get(), p99());
    }

    private Duration p99() {
        List<Long> latencies = arrived.entrySet().stream()
                .filter(each -> each.getKey() >= timed)
                .map(each -> each.getValue() - due.get(each.getKey()))
                .sorted()
                .toList();
        return latencies.isEmpty() ? TIMEOUT : Duration.ofNanos(latencies.get((int) (0.99 * (latencies.size() - 1))));
    }

    @Override
    public void close() {
        over = true;
        sender.shutdownNow();
        RawSocket open = socket;
        if (open != null) {
            open.close();
        }
    }
}
