package chatql.user;

import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** The caller of an operation, and what it may do. It travels in Reactor's context, where resolvers look it up. */
public interface Caller {
    /** The user whose messages the caller sends and reads if it names no user; empty if there is no such default. */
    Optional<UserId> id();

    /** Whether the caller may read what the user received and sent. */
    boolean mayRead(UserId user);

    /** Whether the caller may send in the user's name. */
    boolean maySendAs(UserId user);

    /** When the caller's authentication expires; empty for never. */
    Optional<Instant> expiresAt();

    /** When the caller must authenticate again, because its credentials may have been revoked; empty for never. */
    default Optional<Instant> recheckAt() {
        return Optional.empty();
    }

    /** Adds the caller to the context, where {@link #current} finds it. */
    default Context writeTo(Context context) {
        return context.put(Caller.class, this);
    }

    /** The caller in Reactor's context. Errors with {@link AccessDenied} if there is none. */
    static Mono<Caller> current() {
        return Mono.deferContextual(context -> context.hasKey(Caller.class)
                ? Mono.just(context.get(Caller.class))
                : Mono.error(AccessDenied.unauthorized("The caller is not authenticated")));
    }
}
