package chatql.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chatql.security.AuthRequirements;
import chatql.web.PageSettings.OpenId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class ContentSecurityPolicyTest {
    private static final String ISSUER = "https://issuer.example:8443/realms/chat";

    @Test
    void importMapIsAllowedByItsHash() {
        // echo -n '{}' | openssl dgst -sha256 -binary | base64
        assertThat(ContentSecurityPolicy.of("<script type=\"importmap\">{}</script>", Optional.empty()))
                .contains("script-src 'self' 'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=';");
    }

    @Test
    void issuerIsAllowedByItsOriginOnly() {
        assertThat(ContentSecurityPolicy.of("<script type=\"importmap\">{}</script>", Optional.of(ISSUER)))
                .contains("connect-src 'self' https://issuer.example:8443;");
    }

    @Test
    void clientIdRequiresIssuer() {
        var settings = new PageSettings("chat", "openid");

        assertThat(settings.openId(new AuthRequirements(true, "sub", ISSUER)))
                .contains(new OpenId(ISSUER, "chat", "openid"));
        assertThatThrownBy(() -> settings.openId(new AuthRequirements(true, "sub", null)))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class);
        assertThatThrownBy(() -> settings.openId(new AuthRequirements(false, "sub", ISSUER)))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class);
    }
}
