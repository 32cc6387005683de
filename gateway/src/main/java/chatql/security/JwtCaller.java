package chatql.security;

import chatql.user.Caller;
import chatql.user.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The permissions of a token: its user sends as themselves and reads their own messages; a scope allows a service to do
 * so for every user.
 *
 * @param subject the user
 * @param scopes the token's scopes
 * @param end when the token expires
 * @param recheck when to validate it again, because its key may be revoked
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
