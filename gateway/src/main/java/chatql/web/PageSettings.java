package chatql.web;

import chatql.security.AuthRequirements;
import chatql.setting.PropertyConstraints;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the chat page lets its users in, where they need a token.
 *
 * @param clientId by which the issuer of the tokens knows the page: it then gets them there, by OpenID Connect
 * @param scope what it asks for there
 */
@ConfigurationProperties("chatql.page")
public record PageSettings(
        @Nullable String clientId, @DefaultValue("openid") String scope) {
    private static final String NEEDS = "none, unless chatql.auth.mode=jwt and chatql.auth.issuer-uri are set";

    /** Whom the page sends its users to. */
    record OpenId(String issuer, String clientId, String scope) {}

    /** Nobody, where the page isn't known to the issuer, or nobody needs a token. */
    Optional<OpenId> openId(AuthRequirements entrance) {
        String client = clientId;
        if (client == null) {
            return Optional.empty();
        }
        String issuer = entrance.token() ? entrance.issuer() : null;
        new PropertyConstraints("chatql.page").that(issuer != null, "client-id", client, NEEDS);
        return Optional.ofNullable(issuer).map(known -> new OpenId(known, client, scope));
    }
}
