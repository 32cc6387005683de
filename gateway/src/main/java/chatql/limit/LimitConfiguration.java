package chatql.limit;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/** What every part that refuses too much shares. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitSettings.class)
public class LimitConfiguration {
    @Bean
    TurnedAway turnedAway(MeterRegistry meters) {
        return new TurnedAway(meters);
    }

    @Bean
    WebFilter reservingFilter(AnswerBudget budget, LimitSettings limits) {
        return new ReservingFilter(budget, limits.proxies());
    }

    @Bean
    public AnswerBudget answerBudget(LimitSettings limits, TurnedAway turnedAway, MeterRegistry meters) {
        var budget = new AnswerBudget(limits.answerBudget(), turnedAway);
        Meters.ANSWERS_RESERVED.gauge(meters, budget, AnswerBudget::reserved);
        return budget;
    }
}
