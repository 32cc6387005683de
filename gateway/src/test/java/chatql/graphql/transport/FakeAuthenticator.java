package chatql.graphql.transport;

import chatql.user.AccessDenied;
import chatql.user.Caller;
import chatql.user.CallerAuthenticator;
import chatql.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Accepts the tokens that it knows, for as long as each is valid. */
public final class FakeAuthenticator implements CallerAuthenticator {
    /** A token's user, its expiry, and when it must be validated again. */
    private record Token(String user, Instant end, Instant recheck) implements Caller {
        @Override
        public Optional<UserId> id() {
            return Optional.of(new UserId(user));
        }

        @Override
        public boolean mayRead(UserId other) {
            return true;
        }

        @Override
        public boolean maySendAs(UserId other) {
            return true;
        }

        @Override
        public Optional<Instant> expiresAt() {
            return Optional.of(end);
        }

        @Override
        public Optional<Instant> recheckAt() {
            return Optional.of(recheck);
        }
    }

    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    public volatile boolean broken;
    public volatile boolean silent;

    public void know(String token, String user, Duration good) {
        know(token, user, good, good);
    }

    /** @param look the time until it must be validated again */
    public void know(String token, String user, Duration good, Duration look) {
        Instant now = Instant.now();
        tokens.put(token, new Token(user, now.plus(good), now.plus(look)));
    }

    public void forget(String token) {
        tokens.remove(token);
    }

    @Override
    public Mono<Caller> authenticate(@Nullable String authorization) {
        return Mono.defer(() -> {
            if (silent) {
                return Mono.never();
            }
            if (broken) {
                return Mono.error(new IllegalStateException("the issuer is unavailable"));
            }
            Token known = tokens.get(String.valueOf(authorization).replace("Bearer ", ""));
            return known == null || known.end().isBefore(Instant.now())
                    ? Mono.error(AccessDenied.unauthorized("The bearer token is not valid"))
                    : Mono.just(known);
        });
    }
}
