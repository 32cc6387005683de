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

/** The authenticated identity of one connection. Its credentials may be renewed; its user never changes. */
public final class ConnectionIdentity {
    private static final String AUTHORIZATION = "authorization";

    /** Of credentials in a message, in characters: as much as fits into a header. The latest ones are kept. */
    private static final int MAX_LENGTH = 8 << 10;

    private final CallerAuthenticator callerAuthenticator;
    private final ClientAddress clientAddress;
    private final Credentials credentials = new Credentials(null);
    private volatile @Nullable Caller caller;

    public ConnectionIdentity(CallerAuthenticator callerAuthenticator, ClientAddress clientAddress) {
        this.callerAuthenticator = callerAuthenticator;
        this.clientAddress = clientAddress;
    }

    /** The authorization among the fields of a message, whose names are not case-sensitive. */
    public static Optional<String> authorization(Map<String, Object> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getKey().equalsIgnoreCase(AUTHORIZATION))
                .map(field -> field.getValue() instanceof String text && isShort(text) ? text : "")
                .findFirst();
    }

    /** Measures bytes of UTF-8: a string takes no more than that in memory. */
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
     * Completes once the caller is authenticated. Errors with {@link AccessDenied}, also where the credentials are
     * another user's, and with {@link AuthenticationUnavailable}.
     */
    public Mono<ConnectionIdentity> authenticate(@Nullable String authorization) {
        return callerAuthenticator
                .authenticate(authorization)
                .onErrorMap(
                        failure -> !(failure instanceof AccessDenied || failure instanceof AuthenticationUnavailable),
                        AuthenticationUnavailable::new)
                .map(authenticated -> {
                    if (isOtherUser(authenticated)) {
                        throw AccessDenied.forbidden();
                    }
                    caller = authenticated;
                    credentials.renew(authorization);
                    return this;
                });
    }

    private boolean isOtherUser(Caller authenticated) {
        Caller known = caller;
        return known != null && !known.id().equals(authenticated.id());
    }

    /** Authenticates again with the latest credentials, as {@link #authenticate} does. */
    Mono<ConnectionIdentity> revalidate() {
        return authenticate(credentials.authorization().orElse(null));
    }

    /** The user; empty before authentication, and for anonymous callers. */
    Optional<UserId> user() {
        return Optional.ofNullable(caller).flatMap(Caller::id);
    }

    /** The time until the credentials expire; empty where they never do, zero or negative where they have. */
    Optional<Duration> endsIn() {
        return in(Caller::expiresAt);
    }

    /** The time until the credentials must be validated again; empty for never. */
    Optional<Duration> recheckIn() {
        return in(Caller::recheckAt);
    }

    private Optional<Duration> in(Function<Caller, Optional<Instant>> moment) {
        return Optional.ofNullable(caller).flatMap(moment).map(then -> Duration.between(Instant.now(), then));
    }

    /** Adds the caller, its address and its credentials to the context of an operation. */
    public Context writeTo(Context context) {
        Caller known = caller;
        return clientAddress.writeTo(credentials.writeTo(known == null ? context : known.writeTo(context)));
    }
}
