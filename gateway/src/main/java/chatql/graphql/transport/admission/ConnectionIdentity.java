package chatql.graphql.transport.admission;

import chatql.limit.ClientAddress;
import chatql.user.AccessDenied;
import chatql.user.AuthenticationUnavailable;
import chatql.user.Caller;
import chatql.user.CallerAuthenticator;
import chatql.user.Credentials;
import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Who is speaking on one connection. They may have to show it again, and stay who they are. */
public final class ConnectionIdentity {
    private static final String AUTHORIZATION = "authorization";

    /** Of what is shown in a message, in characters: as much as fits into a header. It is kept while it is the latest. */
    private static final int MAX_LENGTH = 8 << 10;

    private final CallerAuthenticator callerAuthenticator;
    private final ClientAddress clientAddress;
    private final Credentials credentials = new Credentials(null);
    private volatile @Nullable Caller caller;

    public ConnectionIdentity(CallerAuthenticator callerAuthenticator, ClientAddress clientAddress) {
        this.callerAuthenticator = callerAuthenticator;
        this.clientAddress = clientAddress;
    }

    /** The authorization among the fields of a message, whose names are written in whatever case. */
    public static Optional<String> authorization(Map<String, Object> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getKey().equalsIgnoreCase(AUTHORIZATION))
                .map(field -> field.getValue() instanceof String text && isShort(text) ? text : "")
                .findFirst();
    }

    /** In bytes of UTF-8, of which a string takes no more in memory. */
    private static boolean isShort(String text) {
        return text.length() <= MAX_LENGTH && text.getBytes(StandardCharsets.UTF_8).length <= MAX_LENGTH;
    }

    public static Map<String, Object> withoutAuthorization(Map<String, Object> fields) {
        if (fields.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> rest = new LinkedHashMap<>(fields);
        rest.keySet().removeIf(AUTHORIZATION::equalsIgnoreCase);
        return rest;
    }

    /**
     * Completes when the caller is authenticated, or still is. Errors with {@link AccessDenied}, and with {@link
     * AuthenticationUnavailable}.
     */
    public Mono<ConnectionIdentity> authenticate(@Nullable String authorization) {
        return callerAuthenticator
                .authenticate(authorization)
                .onErrorMap(
                        failure -> !(failure instanceof AccessDenied || failure instanceof AuthenticationUnavailable),
                        AuthenticationUnavailable::new)
                .map(shown -> {
                    if (isOtherUser(shown)) {
                        throw AccessDenied.forbidden();
                    }
                    caller = shown;
                    credentials.renew(authorization);
                    return this;
                });
    }

    private boolean isOtherUser(Caller shown) {
        Caller known = caller;
        return known != null && !known.id().equals(shown.id());
    }

    /** As {@link #authenticate}, with what was shown last. */
    Mono<ConnectionIdentity> revalidate() {
        return authenticate(credentials.authorization().orElse(null));
    }

    /** Who it is, as far as that is known. */
    Optional<UserId> user() {
        return Optional.ofNullable(caller).flatMap(Caller::id);
    }

    /** In how long what was shown ends; empty for never, and not more than nothing for one that has ended. */
    Optional<Duration> endsIn() {
        return in(Caller::expiresAt);
    }

    /** In how long it must be shown again; empty for never. */
    Optional<Duration> recheckIn() {
        return in(Caller::recheckAt);
    }

    private Optional<Duration> in(Function<Caller, Optional<Instant>> moment) {
        return Optional.ofNullable(caller).flatMap(moment).map(then -> Duration.between(Instant.now(), then));
    }

    /** For what they ask. */
    public Context in(Context context) {
        Caller known = caller;
        return clientAddress.in(credentials.in(known == null ? context : known.writeTo(context)));
    }
}
