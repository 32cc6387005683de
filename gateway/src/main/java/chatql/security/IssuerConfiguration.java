package chatql.security;

import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Wires the issuer's keys, where tokens are verified with keys from an issuer. */
@Configuration(proxyBeanMethods = false)
@Conditional(IssuerConfiguration.Asked.class)
class IssuerConfiguration {
    static final class Asked implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment settings = context.getEnvironment();
            return "jwt".equalsIgnoreCase(settings.getProperty("chatql.auth.mode"))
                    && !StringUtils.hasText(settings.getProperty("chatql.auth.public-key"))
                    && !StringUtils.hasText(settings.getProperty("chatql.auth.secret"));
        }
    }

    /** Starts the first fetch before the server listens. */
    @Bean(destroyMethod = "close")
    IssuerKeys issuerKeys(AuthSettings settings) {
        return new JwtDecoderFactory(settings).issuerKeys().start();
    }

    @Bean
    ReactiveHealthIndicator issuerHealthIndicator(IssuerKeys keys) {
        return new IssuerHealth(keys);
    }
}
