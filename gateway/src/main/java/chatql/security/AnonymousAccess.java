package chatql.security;

import chatql.user.Caller;
import chatql.user.CallerAuthenticator;
import chatql.user.UserId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Grants every caller everything: for one machine, and for gateways behind another service's authentication. */
enum AnonymousAccess implements Caller, CallerAuthenticator {
    ANYBODY;

    @Override
    public Mono<Caller> authenticate(@Nullable String authorization) {
        return Mono.just(this);
    }

    @Override
    public Optional<UserId> id() {
        return Optional.empty();
    }

    @Override
    public boolean mayRead(UserId user) {
        return true;
    }

    @Override
    public boolean maySendAs(UserId user) {
        return true;
    }

    @Override
    public Optional<Instant> expiresAt() {
        return Optional.empty();
    }
}
