package chatql.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/** A rate limit per key: each key has a token bucket of its own. */
public final class RateLimiter {
    /** How many buckets are kept. A key that stays away until its bucket is full again needs none. */
    private static final int KEYS = 10_000;

    private final long perSecond;
    private final long max;
    private final TimeMeter clock;
    private final Cache<String, Bucket> buckets;

    /**
     * @param perSecond tokens that are refilled per second
     * @param max the capacity of a bucket, which bounds a burst
     */
    public RateLimiter(long perSecond, long max) {
        this(perSecond, max, TimeMeter.SYSTEM_NANOTIME);
    }

    RateLimiter(long perSecond, long max, TimeMeter clock) {
        this.perSecond = perSecond;
        this.max = max;
        this.clock = clock;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(KEYS)
                .expireAfterAccess(Duration.ofSeconds(1 + max / perSecond))
                .ticker(clock::currentTimeNanos)
                // Runs on the caller's thread: to wake another thread costs more than the maintenance itself.
                .executor(Runnable::run)
                .build();
    }

    /** Takes a token of this key. Returns empty, or the time until the next token if there is none. */
    public Optional<Duration> tryAcquire(String key) {
        Bucket bucket = buckets.get(key, this::full);
        return bucket.tryConsume(1)
                ? Optional.empty()
                : Optional.of(
                        Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill()));
    }

    private Bucket full(String key) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(max).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
