package chatql.security;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * Forgets the issuer's keys from time to time, for the decoder keeps them for good: so a key that the issuer has removed
 * is no longer taken. While the issuer is away, the keys that are known are.
 */
final class FreshKeys implements ReactiveJwtDecoder {
    private record Known(ReactiveJwtDecoder decoder, long since) {}

    private final Supplier<ReactiveJwtDecoder> asking;
    private final long refresh;
    private final LongSupplier nanoTime;
    private volatile @Nullable Known known;

    /** @param asking a decoder that will ask for the keys */
    FreshKeys(Supplier<ReactiveJwtDecoder> asking, Duration refresh, LongSupplier nanoTime) {
        this.asking = asking;
        this.refresh = refresh.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public Mono<Jwt> decode(String token) throws JwtException {
        Known now = known;
        return now != null && nanoTime.getAsLong() - now.since() < refresh
                ? now.decoder().decode(token)
                : anew(token, now);
    }

    private Mono<Jwt> anew(String token, @Nullable Known old) {
        var fresh = new Known(asking.get(), nanoTime.getAsLong());
        Mono<Jwt> decoded = fresh.decoder()
                .decode(token)
                .doOnNext(jwt -> known = fresh)
                .doOnError(BadJwtException.class, bad -> known = fresh);
        return old == null
                ? decoded
                : decoded.onErrorResume(
                        failure -> !(failure instanceof BadJwtException),
                        away -> old.decoder().decode(token));
    }
}
