package chatql.security;

import chatql.user.AccessDenied;
import chatql.user.AuthenticationUnavailable;
import chatql.user.Caller;
import chatql.user.CallerAuthenticator;
import chatql.user.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/** Authenticates callers by a bearer token: RFC 6750, RFC 7519. */
final class JwtAuthenticator implements CallerAuthenticator {
    /** In characters; a longer header is rejected without parsing it. */
    private static final int MAX_LENGTH = 8 * 1024;

    private static final Pattern BEARER = Pattern.compile("Bearer +([A-Za-z0-9\\-._~+/]+=*)", Pattern.CASE_INSENSITIVE);

    private final ReactiveJwtDecoder decoder;
    private final AuthSettings settings;
    private final Clock clock;

    JwtAuthenticator(ReactiveJwtDecoder decoder, AuthSettings settings, Clock clock) {
        this.decoder = decoder;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Mono<Caller> authenticate(@Nullable String authorization) {
        if (authorization == null) {
            return Mono.error(AccessDenied.unauthorized("A bearer token is needed"));
        }
        var bearer = BEARER.matcher(authorization.length() > MAX_LENGTH ? "" : authorization);
        return bearer.matches() ? caller(bearer.group(1)) : Mono.error(invalid());
    }

    private Mono<Caller> caller(String token) {
        return Mono.defer(() -> decoder.decode(token))
                .onErrorMap(failure ->
                        failure instanceof BadJwtException ? invalid() : new AuthenticationUnavailable(failure))
                .map(this::caller);
    }

    private Caller caller(Jwt token) {
        Object subject = token.getClaims().get(settings.subjectClaim());
        Instant expiry = token.getExpiresAt();
        if (!(subject instanceof String id) || UserId.violation(id) != null || expiry == null) {
            throw invalid();
        }
        return new JwtCaller(
                new UserId(id), scopes(token.getClaims().get(settings.scopeClaim())), withSkew(expiry), nextCheck());
    }

    private Instant withSkew(Instant expiry) {
        return expiry.plus(settings.clockSkew());
    }

    /** When to validate the token again: its key may be revoked by then. */
    private Instant nextCheck() {
        return clock.instant().plus(settings.jwksRefresh());
    }

    private static Set<String> scopes(@Nullable Object claim) {
        Stream<?> scopes = switch (claim) {
            case String text -> Arrays.stream(text.split(" "));
            case Collection<?> list -> list.stream();
            case null, default -> Stream.of();
        };
        return scopes.map(String::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    /** Does not say what is invalid: only an attacker could use that. */
    private static AccessDenied invalid() {
        return AccessDenied.unauthorized("The bearer token is not valid");
    }
}
