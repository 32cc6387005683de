package chatql.security;

import chatql.setting.PropertyConstraints;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * How callers authenticate.
 *
 * @param mode whether callers need a token; required with a configured Kafka cluster
 * @param allowAnonymous confirms the mode {@code none} where the gateway listens on more than a loopback address
 * @param issuerUri the tokens' issuer; its metadata names the location of its keys
 * @param jwksUri the location of the keys, without discovery
 * @param publicKey a file with the public key in PEM, instead of both
 * @param secret a file with the secret of an HMAC, instead of those
 * @param algorithm the only accepted signature algorithm
 * @param audience the audience that every token must have
 * @param subjectClaim the claim with the user's id
 * @param scopeClaim the claim with the scopes: a list, or a string separated by spaces
 * @param clockSkew the tolerated difference between the issuer's clock and this one
 * @param introspection whether introspection is enabled and GraphiQL and the topic's contract are served; by
 *     default only without authentication
 * @param jwksRefresh how long keys, and tokens verified with them, are used before they are checked again
 */
@ConfigurationProperties("chatql.auth")
record AuthSettings(
        @Nullable Mode mode,
        @DefaultValue("false") boolean allowAnonymous,
        @Nullable String issuerUri,
        @Nullable String jwksUri,
        @Nullable Path publicKey,
        @Nullable Path secret,
        @Nullable String algorithm,
        @Nullable String audience,
        @DefaultValue("sub") String subjectClaim,
        @DefaultValue("scope") String scopeClaim,
        @DefaultValue("30s") Duration clockSkew,
        @Nullable Boolean introspection,
        @DefaultValue("5m") Duration jwksRefresh) {
    AuthSettings {
        var allowed = new PropertyConstraints("chatql.auth");
        allowed.durationOrNone("clock-skew", clockSkew);
        allowed.duration("jwks-refresh", jwksRefresh);
    }

    /** How callers authenticate. */
    enum Mode {
        /** Callers do not authenticate. */
        NONE,
        /** Callers send a signed token. */
        JWT
    }

    static InvalidConfigurationPropertyValueException wrong(String property, @Nullable Object value, String reason) {
        return new InvalidConfigurationPropertyValueException("chatql.auth." + property, value, reason);
    }
}
