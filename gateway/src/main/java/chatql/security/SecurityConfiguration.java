package chatql.security;

import static chatql.security.AuthSettings.wrong;

import chatql.security.AuthSettings.Mode;
import chatql.user.CallerAuthenticator;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Wires authentication, by the mode. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuthSettings.class)
@Import({IssuerConfiguration.class, HostConfiguration.class})
public class SecurityConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityConfiguration.class);

    @Bean
    CallerAuthenticator callerAuthenticator(
            AuthSettings settings,
            ObjectProvider<IssuerKeys> issuer,
            ServerProperties server,
            Environment environment) {
        boolean cluster = StringUtils.hasText(environment.getProperty("spring.kafka.bootstrap-servers"));
        return switch (mode(settings, cluster)) {
            case NONE -> anonymous(settings, server.getAddress());
            case JWT ->
                new JwtAuthenticator(
                        new JwtDecoderFactory(settings).decoder(issuer.getIfAvailable()), settings, Clock.systemUTC());
        };
    }

    @Bean
    MeterBinder issuerMetrics(ObjectProvider<IssuerKeys> issuer) {
        return new IssuerMetrics(issuer.getIfAvailable());
    }

    @Bean
    IntrospectionPolicy introspectionPolicy(AuthSettings settings) {
        return new IntrospectionPolicy(
                Objects.requireNonNullElse(settings.introspection(), settings.mode() != Mode.JWT));
    }

    @Bean
    AuthRequirements authRequirements(AuthSettings settings) {
        return new AuthRequirements(settings.mode() == Mode.JWT, settings.subjectClaim(), settings.issuerUri());
    }

    /**
     * With a configured cluster, other machines are likely to reach the gateway, so an operator must choose the mode.
     */
    private static Mode mode(AuthSettings settings, boolean cluster) {
        if (settings.mode() == null && cluster) {
            throw wrong(
                    "mode",
                    null,
                    "is required with a Kafka cluster: jwt for callers with a token, or none for every client");
        }
        return Objects.requireNonNullElse(settings.mode(), Mode.NONE);
    }

    private static CallerAuthenticator anonymous(AuthSettings settings, @Nullable InetAddress address) {
        boolean onlyLoopback = address != null && address.isLoopbackAddress();
        if (!onlyLoopback && !settings.allowAnonymous()) {
            throw wrong(
                    "mode",
                    "none",
                    "without authentication the gateway listens on a loopback address only (server.address=127.0.0.1),"
                            + " unless chatql.auth.allow-anonymous=true allows every client to read and write as any user");
        }
        LOG.warn("Authentication is off: every client that reaches this gateway can read and write as any user");
        return AnonymousAccess.ANYBODY;
    }
}
