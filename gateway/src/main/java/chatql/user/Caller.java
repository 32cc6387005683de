package chatql.user;

import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Whoever is speaking, and what they may do. It travels in Reactor's context, and whoever serves it asks. */
public interface Caller {
    /** Whose messages the caller sends and reads where no user is named; empty for nobody's in particular. */
    Optional<UserId> id();

    /** Whether the caller may read what the user received and sent. */
    boolean mayRead(UserId user);

    /** Whether the caller may send in the user's name. */
    boolean maySendAs(UserId user);

    /** Until when this holds, whatever happens; empty for always. */
    Optional<Instant> expiresAt();

    /** When the caller must show again what they have shown, for it may have been taken back; empty for never. */
    default Optional<Instant> recheckAt() {
        return Optional.empty();
    }

    /** Puts the caller where {@link #current} finds it. */
    default Context writeTo(Context context) {
        return context.put(Caller.class, this);
    }

    /** Whoever is speaking. Errors with {@link AccessDenied} when nobody has found out. */
    static Mono<Caller> current() {
        return Mono.deferContextual(context -> context.hasKey(Caller.class)
                ? Mono.just(context.get(Caller.class))
                : Mono.error(AccessDenied.unauthorized("Nobody knows who is speaking")));
    }
}
