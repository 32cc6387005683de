package chatql.graphql.transport.connection;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Who is connected at this moment: the counts for everybody to read, the peers themselves for the drain. */
public final class ConnectionRegistry {

    /** The ways in which a subscription can be listened to. */
    public enum Transport {
        WEBSOCKET,
        SSE
    }

    private final Set<ClientConnection> clientConnections = ConcurrentHashMap.newKeySet();
    private final Map<Transport, AtomicInteger> peerCounts = zeros();
    private final Map<Transport, AtomicInteger> subscriptionCounts = zeros();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final AtomicInteger operations = new AtomicInteger();
    private volatile boolean leaving;

    /** Open WebSockets. */
    public int sockets() {
        return count(peerCounts, Transport.WEBSOCKET);
    }

    /** Open SSE streams, whatever operation they carry. */
    public int streams() {
        return count(peerCounts, Transport.SSE);
    }

    int open(Transport transport) {
        return count(peerCounts, transport);
    }

    /** Subscriptions that are running over {@code transport}. */
    public int subscriptions(Transport transport) {
        return count(subscriptionCounts, transport);
    }

    /** Queries and mutations that came by plain HTTP and are not answered yet. */
    public int exchanges() {
        return exchanges.get();
    }

    /** Operations that live on a WebSocket or a stream. */
    public int operations() {
        return operations.get();
    }

    void started() {
        operations.incrementAndGet();
    }

    void ended() {
        operations.decrementAndGet();
    }

    /** Counts {@code exchange} as one of {@link #exchanges()} from now until it ends: whoever calls this subscribes at once. */
    public Mono<Void> counted(Mono<Void> exchange) {
        exchanges.incrementAndGet();
        return exchange.doFinally(end -> exchanges.decrementAndGet());
    }

    /** Whether nobody is connected and nobody waits for an answer. */
    boolean isQuiet() {
        return clientConnections.isEmpty() && exchanges.get() == 0;
    }

    public void opened(ClientConnection clientConnection) {
        clientConnections.add(clientConnection);
        add(peerCounts, clientConnection.transport(), 1);
        // A peer that came between the last look at the flag and now would be forgotten by the drain.
        if (leaving) {
            clientConnection.leave();
        }
    }

    public void closed(ClientConnection clientConnection) {
        if (clientConnections.remove(clientConnection)) {
            add(peerCounts, clientConnection.transport(), -1);
        }
    }

    void subscribed(Transport transport) {
        add(subscriptionCounts, transport, 1);
    }

    void unsubscribed(Transport transport) {
        add(subscriptionCounts, transport, -1);
    }

    public Set<ClientConnection> peers() {
        return clientConnections;
    }

    public boolean leaving() {
        return leaving;
    }

    void stay() {
        leaving = false;
    }

    void leave() {
        leaving = true;
    }

    private static Map<Transport, AtomicInteger> zeros() {
        Map<Transport, AtomicInteger> counts = new EnumMap<>(Transport.class);
        for (Transport transport : Transport.values()) {
            counts.put(transport, new AtomicInteger());
        }
        return counts;
    }

    private static int count(Map<Transport, AtomicInteger> counts, Transport transport) {
        return counts.getOrDefault(transport, new AtomicInteger()).get();
    }

    private static void add(Map<Transport, AtomicInteger> counts, Transport transport, int change) {
        counts.getOrDefault(transport, new AtomicInteger()).addAndGet(change);
    }
}
