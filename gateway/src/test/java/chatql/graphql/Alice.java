package chatql.graphql;

import chatql.user.Caller;
import chatql.user.UserId;
import java.time.Instant;
import java.util.Optional;

/** A caller with the permissions of one user. */
public enum Alice implements Caller {
    IS_SPEAKING;

    @Override
    public Optional<UserId> id() {
        return Optional.of(new UserId("alice"));
    }

    @Override
    public boolean mayRead(UserId user) {
        return user.value().equals("alice");
    }

    @Override
    public boolean maySendAs(UserId user) {
        return user.value().equals("alice");
    }

    @Override
    public Optional<Instant> expiresAt() {
        return Optional.empty();
    }
}
