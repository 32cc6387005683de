package chatql.user;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What a caller showed to say who is speaking, as it came. It travels in Reactor's context, so that whoever is asked on
 * the caller's behalf is shown the same.
 *
 * @param authorization the value of HTTP's {@code Authorization}
 */
public record Credentials(String authorization) {
    /** The context of a caller who showed this, or nothing. */
    public static Context context(@Nullable String authorization) {
        return authorization == null ? Context.empty() : Context.of(Credentials.class, new Credentials(authorization));
    }

    public static Optional<Credentials> of(ContextView context) {
        return context.getOrEmpty(Credentials.class);
    }

    /** Nothing of it belongs into a log. */
    @Override
    public String toString() {
        return "credentials";
    }
}
