package chatql.user;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What a caller shows to say who is speaking, as it came, in the form of HTTP's {@code Authorization}. It travels in
 * Reactor's context, so that whoever is asked on the caller's behalf is shown the same, and what was shown last.
 */
public final class Credentials {
    private volatile @Nullable String authorization;

    public Credentials(@Nullable String authorization) {
        this.authorization = authorization;
    }

    /** From now on this is shown. */
    public void renew(@Nullable String renewed) {
        authorization = renewed;
    }

    public Optional<String> authorization() {
        return Optional.ofNullable(authorization);
    }

    /** Puts them where {@link #of} finds them. */
    public Context in(Context context) {
        return context.put(Credentials.class, this);
    }

    /** What whoever is speaking shows now; empty for nothing. */
    public static Optional<String> of(ContextView context) {
        return context.<Credentials>getOrEmpty(Credentials.class).flatMap(Credentials::authorization);
    }

    /** Nothing of it belongs into a log. */
    @Override
    public String toString() {
        return "credentials";
    }
}
