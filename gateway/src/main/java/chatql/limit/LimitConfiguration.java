package chatql.limit;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What every part that refuses too much shares. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitSettings.class)
public class LimitConfiguration {
    @Bean
    TurnedAway turnedAway(MeterRegistry meters) {
        return new TurnedAway(meters);
    }
}
