package chatql.graphql.transport;

import chatql.user.Caller;
import chatql.user.CallerAuthenticator;
import chatql.user.UserId;
import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Grants every caller everything, with any credentials. */
enum PermitAll implements Caller, CallerAuthenticator {
    INSTANCE;

    @Override
    public Mono<Caller> authenticate(String authorization) {
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
