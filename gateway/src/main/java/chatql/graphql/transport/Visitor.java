package chatql.graphql.transport;

import chatql.limit.Address;
import chatql.user.Caller;
import chatql.user.Callers;
import chatql.user.Credentials;
import chatql.user.NotAllowed;
import chatql.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Who is speaking on one connection. They may have to show it again, and stay who they are. */
final class Visitor {
    /** However soon something ends, it isn't looked at more often. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Who is speaking can't be told now. Carries no stack trace. */
    static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unknown(Throwable why) {
            super(null, why, false, false);
        }
    }

    private static final String AUTHORIZATION = "authorization";

    /** Of what is shown in a message, in characters: as much as fits into a header. It is kept while it is the latest. */
    private static final int LONGEST = 8 << 10;

    private final Callers callers;
    private final Address address;
    private final Credentials credentials = new Credentials(null);
    private volatile @Nullable Caller caller;

    Visitor(Callers callers, Address address) {
        this.callers = callers;
        this.address = address;
    }

    /** The authorization among the fields of a message, whose names are written in whatever case. */
    static Optional<String> authorization(Map<String, Object> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getKey().equalsIgnoreCase(AUTHORIZATION))
                .map(field -> field.getValue() instanceof String text && text.length() <= LONGEST ? text : "")
                .findFirst();
    }

    static Map<String, Object> withoutAuthorization(Map<String, Object> fields) {
        if (fields.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> rest = new LinkedHashMap<>(fields);
        rest.keySet().removeIf(AUTHORIZATION::equalsIgnoreCase);
        return rest;
    }

    /** Completes when the caller is let in, or still is. Errors with {@link NotAllowed}, and with {@link Unknown}. */
    Mono<Visitor> show(@Nullable String authorization) {
        return callers.of(authorization)
                .onErrorMap(failure -> !(failure instanceof NotAllowed), Unknown::new)
                .map(shown -> {
                    if (isSomebodyElse(shown)) {
                        throw NotAllowed.forbidden();
                    }
                    caller = shown;
                    credentials.renew(authorization);
                    return this;
                });
    }

    private boolean isSomebodyElse(Caller shown) {
        Caller known = caller;
        return known != null && !known.id().equals(shown.id());
    }

    /** As {@link #show}, with what was shown last. */
    Mono<Visitor> showAgain() {
        return show(credentials.authorization().orElse(null));
    }

    /** Who it is, as far as that is known. */
    Optional<UserId> user() {
        return Optional.ofNullable(caller).flatMap(Caller::id);
    }

    /** In how long they must show it again; empty for never. */
    Optional<Duration> goodFor() {
        return Optional.ofNullable(caller)
                .flatMap(Caller::until)
                .map(until -> Duration.between(Instant.now(), until))
                .map(left -> left.compareTo(SHORTEST) < 0 ? SHORTEST : left);
    }

    /** For what they ask. */
    Context in(Context context) {
        Caller known = caller;
        return address.in(credentials.in(known == null ? context : known.in(context)));
    }
}
