package chatql.limit;

import chatql.user.UserId;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Limits how often clients write to the log, per user and per address. */
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
     * The write, which errors with {@link RateLimitExceeded} if it exceeds a limit. The address is taken from Reactor's
     * context.
     *
     * @param user in whose name the write happens; empty if no user is known
     */
    public <T> Mono<T> allowed(Optional<UserId> user, Mono<T> write) {
        return Mono.deferContextual(context -> {
            require(
                    ofAddresses.tryAcquire(ClientAddress.from(context).key()),
                    Limit.MESSAGES_PER_ADDRESS,
                    "from one address");
            user.ifPresent(name -> require(ofUsers.tryAcquire(name.value()), Limit.MESSAGES_PER_USER, "of one user"));
            return write;
        });
    }

    private void require(Optional<Duration> wait, Limit limit, String origin) {
        if (wait.isPresent()) {
            limitMetrics.count(limit);
            throw new RateLimitExceeded(
                    "Too many messages " + origin + " in a short time: try again later", wait.get());
        }
    }
}
