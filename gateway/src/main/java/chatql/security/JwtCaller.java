package chatql.security;

import chatql.user.Caller;
import chatql.user.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The rules: everybody sends as themselves and reads what is their own; a scope lets a service do so for all.
 *
 * @param subject who it is
 * @param scopes what the token was given for
 * @param end of the token
 * @param recheck when it may have been taken back
 */
record JwtCaller(UserId subject, Set<String> scopes, Instant end, Instant recheck) implements Caller {
    static final String READ_ANY = "messages:read:any";
    static final String SEND_ANY = "messages:send:any";

    @Override
    public Optional<UserId> id() {
        return Optional.of(subject);
    }

    @Override
    public boolean mayRead(UserId user) {
        return user.equals(subject) || scopes.contains(READ_ANY);
    }

    @Override
    public boolean maySendAs(UserId user) {
        return user.equals(subject) || scopes.contains(SEND_ANY);
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
