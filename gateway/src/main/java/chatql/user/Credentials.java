package chatql.user;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The credentials of a caller, in the form of HTTP's {@code Authorization} header. They travel in Reactor's context, so
 * that a query to another pod on the caller's behalf carries the latest ones.
 */
public final class Credentials {
    private volatile @Nullable String authorization;

    public Credentials(@Nullable String authorization) {
        this.authorization = authorization;
    }

    /** Replaces the credentials. */
    public void renew(@Nullable String renewed) {
        authorization = renewed;
    }

    public Optional<String> authorization() {
        return Optional.ofNullable(authorization);
    }

    /** Adds the credentials to the context, where {@link #from} finds them. */
    public Context writeTo(Context context) {
        return context.put(Credentials.class, this);
    }

    /** The caller's latest credentials; empty if it has sent none. */
    public static Optional<String> from(ContextView context) {
        return context.<Credentials>getOrEmpty(Credentials.class).flatMap(Credentials::authorization);
    }

    /** Omits the credentials, which must not be logged. */
    @Override
    public String toString() {
        return "credentials";
    }
}
