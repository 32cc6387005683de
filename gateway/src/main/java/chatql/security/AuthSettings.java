package chatql.security;

import chatql.setting.PropertyConstraints;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * How callers are told apart.
 *
 * @param mode how they show who they are; needed as soon as a Kafka cluster is named
 * @param allowAnonymous whether the mode {@code none} is meant, where others than this machine reach the gateway
 * @param issuerUri who issues the tokens; where its keys are is asked there
 * @param jwksUri where the keys are, when that isn't to be asked
 * @param publicKey a file with the public key in PEM, in place of both
 * @param secret a file with the secret of an HMAC, in place of those
 * @param algorithm of the signature, and no other
 * @param audience for whom the tokens must be
 * @param subjectClaim which claim is the user's id
 * @param scopeClaim which claim has the scopes: a list, or a text with blanks between them
 * @param clockSkew how far the issuer's clock may be from this one
 * @param introspection whether introspection is answered, and the page and the topic's contract are served; when it isn't set,
 *     only without authentication
 * @param jwksRefresh how long keys and tokens that were found to be good are taken to be so without another look
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

    /** How callers show who they are. */
    enum Mode {
        /** They don't. */
        NONE,
        /** By a signed token. */
        JWT
    }

    static InvalidConfigurationPropertyValueException wrong(String property, @Nullable Object value, String reason) {
        return new InvalidConfigurationPropertyValueException("chatql.auth." + property, value, reason);
    }
}
