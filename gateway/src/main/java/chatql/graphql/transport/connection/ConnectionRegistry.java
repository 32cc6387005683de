package chatql.graphql.transport.connection;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/**
 * The open connections, for the drain, and the counts of connections, requests and operations, for metrics and limits.
 */
public final class ConnectionRegistry {

    /** The transports of subscriptions. */
    public enum Transport {
        WEBSOCKET,
        SSE
    }

    private final Set<ClientConnection> clientConnections = ConcurrentHashMap.newKeySet();
    private final Map<Transport, AtomicInteger> connectionCounts = zeros();
    private final Map<Transport, AtomicInteger> subscriptionCounts = zeros();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final AtomicInteger operations = new AtomicInteger();
    private volatile boolean leaving;

    /** Connections that are open over {@code transport}. */
    public int open(Transport transport) {
        return count(connectionCounts, transport);
    }

    /** Live subscriptions over {@code transport}. */
    public int subscriptions(Transport transport) {
        return count(subscriptionCounts, transport);
    }

    /** Queries and mutations over plain HTTP that are not answered yet. */
    public int exchanges() {
        return exchanges.get();
    }

    /** Running operations on WebSockets and streams. */
    public int operations() {
        return operations.get();
    }

    void started() {
        operations.incrementAndGet();
    }

    void ended() {
        operations.decrementAndGet();
    }

    /**
     * Counts {@code exchange} as one of {@link #exchanges()} from now until it ends; the caller must subscribe at once.
     */
    public Mono<Void> counted(Mono<Void> exchange) {
        exchanges.incrementAndGet();
        return exchange.doFinally(end -> exchanges.decrementAndGet());
    }

    /** Whether no client is connected and no request is unanswered. */
    boolean isQuiet() {
        return clientConnections.isEmpty() && exchanges.get() == 0;
    }

    public void opened(ClientConnection clientConnection) {
        clientConnections.add(clientConnection);
        add(connectionCounts, clientConnection.transport(), 1);
        // The drain copies the set of connections after it sets the flag: a connection that is added later must drain
        // itself.
        if (leaving) {
            clientConnection.leave();
        }
    }

    public void closed(ClientConnection clientConnection) {
        if (clientConnections.remove(clientConnection)) {
            add(connectionCounts, clientConnection.transport(), -1);
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
