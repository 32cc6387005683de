package chatql.user;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Finds out who is speaking. */
public interface Callers {
    /**
     * The caller who shows this.
     *
     * @param authorization as in HTTP's header of that name; null when nothing was shown
     * @return errors with {@link NotAllowed} when it is wrong or missing, and with any other failure when that can't be
     *     told now
     */
    Mono<Caller> of(@Nullable String authorization);
}
