package chatql.limit;

import chatql.user.UserId;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** How often something may be written into the log: in one user's name, and from one address. */
public final class WriteRateLimit {
    private final RateLimiter ofUsers;
    private final RateLimiter ofAddresses;
    private final LimitMetrics limitMetrics;

    public WriteRateLimit(LimitSettings limits, LimitMetrics limitMetrics) {
        this.ofUsers = limits.ofUsers();
        this.ofAddresses = limits.ofAddresses();
        this.limitMetrics = limitMetrics;
    }

    /**
     * The write, unless it comes too often: then errors with {@link RateLimitExceeded}. The address is looked for in Reactor's
     * context.
     *
     * @param user in whose name; empty where nobody's name is known
     */
    public <T> Mono<T> allowed(Optional<UserId> user, Mono<T> write) {
        return Mono.deferContextual(context -> {
            require(
                    ofAddresses.tryAcquire(ClientAddress.in(context).key()),
                    Limit.MESSAGES_PER_ADDRESS,
                    "from one address");
            user.ifPresent(name -> require(ofUsers.tryAcquire(name.value()), Limit.MESSAGES_PER_USER, "of one user"));
            return write;
        });
    }

    private void require(Optional<Duration> wait, Limit limit, String whose) {
        if (wait.isPresent()) {
            limitMetrics.count(limit);
            throw new RateLimitExceeded("Too many messages " + whose + " in a short time: try again later", wait.get());
        }
    }
}
