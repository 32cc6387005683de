package chatql.limit;

import chatql.setting.PropertyConstraints;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much of one pod a client may take, and all clients together. "An address" is an IPv4 address, or the first half of
 * an IPv6 one.
 *
 * @param proxies how many proxies stand between clients and the gateway, each of which adds to {@code X-Forwarded-For}
 *     whom it has seen; with 0 that header means nothing
 * @param connections how many WebSockets and event streams may be open; the next is answered 503
 * @param connectionsPerAddress how many of them from one address, and how many it may open at once; the next is answered 429
 * @param connectionsPerUser how many of them of one user; the next socket is closed with 1013, the next stream answered 429
 * @param connectsPerAddress how many of them one address may open in a second
 * @param requests how many requests of plain HTTP may wait for their answers; the next is answered 503
 * @param requestsPerAddress how many of them from one address; the next is answered 429
 * @param operations how many operations may live on all WebSockets; the next gets an error on its own id
 * @param answerBytes how much of the heap may be reserved for operations that run and for answers that wait for their
 *     clients; new work beyond that is answered 503
 * @param messagesPerUser how many messages a second may be said in one user's name; five seconds' worth may come at once
 * @param messagesPerAddress how many messages a second may be said, and names be claimed, from one address; the same
 * @param depth how deep the fields of an operation may nest
 * @param complexity how much an operation may ask for: 1 for each field, and 10 for each at its top and each alias below it
 * @param pageEntries how many entries the pages of an operation may have, of all together; those of a page count once more
 *     for each alias within it
 * @param directives how many directives may stand in a document
 * @param tokens how many tokens a document may have
 * @param document how many characters a document may have
 * @param requestHeaderTimeout how long a new connection may take to its first request's whole head; longer and it is closed
 * @param keepAliveTimeout how long a connection may stay from an answer to the next request's whole head; longer and it is closed
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
    private static final int MANY = 10_000_000;

    /** The largest answer must have room in three quarters of an address's share. */
    private static final DataSize LEAST_ANSWERS = DataSize.ofMegabytes(32);

    /** For how many seconds what isn't used of a rate is saved up. */
    private static final int SAVED = 5;

    public LimitSettings {
        var allowed = new PropertyConstraints("chatql.limits");
        allowed.number("proxies", proxies, 0, 10);
        allowed.number("connections", connections, 1, MANY);
        allowed.number("connections-per-address", connectionsPerAddress, 1, MANY);
        allowed.number("connections-per-user", connectionsPerUser, 1, MANY);
        allowed.number("connects-per-address", connectsPerAddress, 1, MANY);
        allowed.number("requests", requests, 1, MANY);
        allowed.number("requests-per-address", requestsPerAddress, 1, MANY);
        allowed.number("operations", operations, 1, MANY);
        allowed.that(
                answerBytes == null || answerBytes.compareTo(LEAST_ANSWERS) >= 0,
                "answer-bytes",
                answerBytes,
                "a size of 32MB or more");
        allowed.number("messages-per-user", messagesPerUser, 1, MANY);
        allowed.number("messages-per-address", messagesPerAddress, 1, MANY);
        allowed.number("depth", depth, 1, 1_000);
        allowed.number("complexity", complexity, 1, MANY);
        allowed.number("page-entries", pageEntries, 1, MANY);
        allowed.number("directives", directives, 0, MANY);
        allowed.number("tokens", tokens, 1, MANY);
        allowed.size("document", document);
        allowed.duration("request-header-timeout", requestHeaderTimeout);
        allowed.duration("keep-alive-timeout", keepAliveTimeout);
    }

    /** Whoever comes back with all its clients at once, as after a pod's end, isn't turned away. */
    public RateLimiter connects() {
        return new RateLimiter(connectsPerAddress, Math.max(connectsPerAddress, connectionsPerAddress));
    }

    public RateLimiter ofUsers() {
        return new RateLimiter(messagesPerUser, (long) SAVED * messagesPerUser);
    }

    public RateLimiter ofAddresses() {
        return new RateLimiter(messagesPerAddress, (long) SAVED * messagesPerAddress);
    }

    /** What may be reserved for answers: of the heap, where no number is set, a quarter. */
    public long answerBudget() {
        return answerBytes == null
                ? Math.max(LEAST_ANSWERS.toBytes(), Runtime.getRuntime().maxMemory() / 4)
                : answerBytes.toBytes();
    }

    /** How many connections may be open, whatever they are for: those that have a place, and the requests beside them. */
    public int channels() {
        return connections + requests;
    }

    /** The same of one address. */
    public int channelsPerAddress() {
        return connectionsPerAddress + requestsPerAddress;
    }
}
