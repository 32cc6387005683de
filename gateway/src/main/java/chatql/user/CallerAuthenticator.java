package chatql.user;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Authenticates callers. */
public interface CallerAuthenticator {
    /**
     * Returns the caller with these credentials.
     *
     * @param authorization the value of HTTP's header of that name; null if there is none
     * @return errors with {@link AccessDenied} if the credentials are invalid or missing, and with
     *     {@link AuthenticationUnavailable} if they cannot be checked now, each within a few seconds
     */
    Mono<Caller> authenticate(@Nullable String authorization);
}
