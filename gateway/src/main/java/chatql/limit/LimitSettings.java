package chatql.limit;

import chatql.setting.PropertyConstraints;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits of one pod, per client and for all clients together. An "address" is an IPv4 address, or the first half of
 * an IPv6 address.
 *
 * @param proxies the number of proxies between clients and the gateway. Each appends the address that it has seen to
 *     {@code X-Forwarded-For}. With 0 that header is ignored.
 * @param connections how many WebSockets and event streams may be open; the next is answered 503
 * @param connectionsPerAddress how many of them one address may have open, and how many it may open at once; the next
 *     is answered 429
 * @param connectionsPerUser how many of them one user may have open; the next socket is closed with 1013, the next
 *     stream is answered 429
 * @param connectsPerAddress how many of them one address may open per second
 * @param requests how many requests of plain HTTP may wait for their answers; the next is answered 503
 * @param requestsPerAddress how many of them one address may have; the next is answered 429
 * @param operations how many operations may be active on all WebSockets; the next gets an error on its own id
 * @param answerBytes how much of the heap may be reserved for operations that run and for answers that wait for their
 *     clients; new work beyond that is answered 503
 * @param messagesPerUser how many messages per second may be sent in one user's name, with bursts of up to five
 *     seconds' worth
 * @param messagesPerAddress how many messages per second may be sent and usernames claimed from one address, with the
 *     same bursts
 * @param depth the maximum nesting depth of an operation's fields
 * @param complexity the maximum cost of an operation: 1 for each field, and 10 for each field at its top level and each
 *     alias below it
 * @param pageEntries how many entries all pages of an operation may have together; the entries of a page count again
 *     for each alias within it
 * @param directives how many directives a document may have
 * @param tokens how many tokens a document may have
 * @param document how many characters a document may have
 * @param requestHeaderTimeout how long a new connection may take to send the head of its first request; then it is
 *     closed
 * @param keepAliveTimeout how long a connection may stay open between an answer and the complete head of the next
 *     request; then it is closed
 */
@ConfigurationProperties("chatql.limits")
public record LimitSettings(
        @DefaultValue("0") int proxies,
        @DefaultValue("10000") int connections,
        @DefaultValue("1000") int connectionsPerAddress,
        @DefaultValue("50") int connectionsPerUser,
        @DefaultValue("100") int connectsPerAddress,
        @DefaultValue("2000") int requests,
        @DefaultValue("500") int requestsPerAddress,
        @DefaultValue("20000") int operations,
        @Nullable DataSize answerBytes,
        @DefaultValue("20") int messagesPerUser,
        @DefaultValue("1000") int messagesPerAddress,
        @DefaultValue("10") int depth,
        @DefaultValue("200") int complexity,
        @DefaultValue("1000") int pageEntries,
        @DefaultValue("20") int directives,
        @DefaultValue("1000") int tokens,
        @DefaultValue("8KB") DataSize document,
        @DefaultValue("10s") Duration requestHeaderTimeout,
        @DefaultValue("60s") Duration keepAliveTimeout) {
    private static final int MAX_COUNT = 10_000_000;

    /** Three quarters of one address's share must have room for the largest answer. */
    private static final DataSize MIN_ANSWER_BYTES = DataSize.ofMegabytes(32);

    /** The burst of a rate limit, in seconds of its rate. */
    private static final int BURST_SECONDS = 5;

    public LimitSettings {
        var allowed = new PropertyConstraints("chatql.limits");
        allowed.number("proxies", proxies, 0, 10);
        allowed.number("connections", connections, 1, MAX_COUNT);
        allowed.number("connections-per-address", connectionsPerAddress, 1, MAX_COUNT);
        allowed.number("connections-per-user", connectionsPerUser, 1, MAX_COUNT);
        allowed.number("connects-per-address", connectsPerAddress, 1, MAX_COUNT);
        allowed.number("requests", requests, 1, MAX_COUNT);
        allowed.number("requests-per-address", requestsPerAddress, 1, MAX_COUNT);
        allowed.number("operations", operations, 1, MAX_COUNT);
        allowed.that(
                answerBytes == null || answerBytes.compareTo(MIN_ANSWER_BYTES) >= 0,
                "answer-bytes",
                answerBytes,
                "a size of 32MB or more");
        allowed.number("messages-per-user", messagesPerUser, 1, MAX_COUNT);
        allowed.number("messages-per-address", messagesPerAddress, 1, MAX_COUNT);
        allowed.number("depth", depth, 1, 1_000);
        allowed.number("complexity", complexity, 1, MAX_COUNT);
        allowed.number("page-entries", pageEntries, 1, MAX_COUNT);
        allowed.number("directives", directives, 0, MAX_COUNT);
        allowed.number("tokens", tokens, 1, MAX_COUNT);
        allowed.size("document", document);
        allowed.duration("request-header-timeout", requestHeaderTimeout);
        allowed.duration("keep-alive-timeout", keepAliveTimeout);
    }

    /**
     * The burst equals the connection limit, so that an address may reconnect all its clients at once after a pod has
     * shut down.
     */
    public RateLimiter connects() {
        return new RateLimiter(connectsPerAddress, Math.max(connectsPerAddress, connectionsPerAddress));
    }

    public RateLimiter ofUsers() {
        return new RateLimiter(messagesPerUser, (long) BURST_SECONDS * messagesPerUser);
    }

    public RateLimiter ofAddresses() {
        return new RateLimiter(messagesPerAddress, (long) BURST_SECONDS * messagesPerAddress);
    }

    /** The budget for answers in bytes. Without a setting it is a quarter of the heap. */
    public long answerBudget() {
        return answerBytes == null
                ? Math.max(MIN_ANSWER_BYTES.toBytes(), Runtime.getRuntime().maxMemory() / 4)
                : answerBytes.toBytes();
    }

    /** How many TCP connections may be open: the admitted connections, and the requests beside them. */
    public int channels() {
        return connections + requests;
    }

    /** How many TCP connections one address may have open. */
    public int channelsPerAddress() {
        return connectionsPerAddress + requestsPerAddress;
    }
}
