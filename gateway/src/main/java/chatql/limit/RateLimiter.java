package chatql.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/** How often something may be done, by each of many: a bucket of tokens for everyone, told apart by a key. */
public final class RateLimiter {
    /** Whoever hasn't come for as long has a full bucket again, and needs none to be kept. */
    private static final int KEYS = 10_000;

    private final long perSecond;
    private final long most;
    private final TimeMeter clock;
    private final Cache<String, Bucket> buckets;

    /**
     * @param perSecond how many in a second
     * @param most how many at once, by whoever did nothing for a while
     */
    public RateLimiter(long perSecond, long most) {
        this(perSecond, most, TimeMeter.SYSTEM_NANOTIME);
    }

    RateLimiter(long perSecond, long most, TimeMeter clock) {
        this.perSecond = perSecond;
        this.most = most;
        this.clock = clock;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(KEYS)
                .expireAfterAccess(Duration.ofSeconds(1 + most / perSecond))
                .ticker(clock::currentTimeNanos)
                // To wake another thread costs more than what it would do.
                .executor(Runnable::run)
                .build();
    }

    /** Takes one of this key's: empty, or else in how long there is one again. */
    public Optional<Duration> tryAcquire(String key) {
        Bucket bucket = buckets.get(key, this::full);
        return bucket.tryConsume(1)
                ? Optional.empty()
                : Optional.of(
                        Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill()));
    }

    private Bucket full(String key) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(most).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
