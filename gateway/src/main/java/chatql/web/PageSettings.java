package chatql.web;

import chatql.security.AuthRequirements;
import chatql.setting.PropertyConstraints;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How users of the chat page sign in, where the gateway requires a token.
 *
 * @param clientId the page's client id at the issuer, from which it gets tokens by OpenID Connect
 * @param scope the scope that the page requests
 */
@ConfigurationProperties("chatql.page")
public record PageSettings(
        @Nullable String clientId, @DefaultValue("openid") String scope) {
    private static final String NEEDS = "none, unless chatql.auth.mode=jwt and chatql.auth.issuer-uri are set";

    /** The OpenID Connect provider where users sign in. */
    record OpenId(String issuer, String clientId, String scope) {}

    /** Empty where no client id is set. */
    Optional<OpenId> openId(AuthRequirements authRequirements) {
        String client = clientId;
        if (client == null) {
            return Optional.empty();
        }
        String issuer = authRequirements.token() ? authRequirements.issuer() : null;
        new PropertyConstraints("chatql.page").that(issuer != null, "client-id", client, NEEDS);
        return Optional.ofNullable(issuer).map(known -> new OpenId(known, client, scope));
    }
}
