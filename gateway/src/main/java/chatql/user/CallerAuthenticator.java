package chatql.user;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Finds out who is speaking. */
public interface CallerAuthenticator {
    /**
     * The caller who shows this.
     *
     * @param authorization as in HTTP's header of that name; null when nothing was shown
     * @return errors with {@link AccessDenied} when it is wrong or missing, and with {@link AuthenticationUnavailable} when
     *     that can't be told now, each within a few seconds
     */
    Mono<Caller> authenticate(@Nullable String authorization);
}
