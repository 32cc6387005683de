package chatql.graphql.transport;

import chatql.user.Caller;
import chatql.user.Callers;
import chatql.user.NotAllowed;
import chatql.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Lets in whoever shows a token that it knows, and for as long as that is good. */
final class Door implements Callers {
    /** Who shows it, and until when it is good. */
    private record Token(String user, Instant end) implements Caller {
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
        public Optional<Instant> until() {
            return Optional.of(end);
        }
    }

    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    volatile boolean broken;

    void know(String token, String user, Duration good) {
        tokens.put(token, new Token(user, Instant.now().plus(good)));
    }

    void forget(String token) {
        tokens.remove(token);
    }

    @Override
    public Mono<Caller> of(@Nullable String authorization) {
        return Mono.defer(() -> {
            if (broken) {
                return Mono.error(new IllegalStateException("the issuer is away"));
            }
            Token known = tokens.get(String.valueOf(authorization).replace("Bearer ", ""));
            return known == null || known.end().isBefore(Instant.now())
                    ? Mono.error(NotAllowed.unauthorized("The bearer token is not valid"))
                    : Mono.just(known);
        });
    }
}
