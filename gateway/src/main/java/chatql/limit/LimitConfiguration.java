package chatql.limit;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/** The beans that all limits share. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitSettings.class)
public class LimitConfiguration {
    @Bean
    LimitMetrics limitMetrics(MeterRegistry meters) {
        return new LimitMetrics(meters);
    }

    @Bean
    WebFilter reservingFilter(AnswerBudget budget, LimitSettings limits) {
        return new ReservingFilter(budget, limits.proxies());
    }

    @Bean
    public AnswerBudget answerBudget(LimitSettings limits, LimitMetrics limitMetrics, MeterRegistry meters) {
        var budget = new AnswerBudget(limits.answerBudget(), limitMetrics);
        Meters.ANSWERS_RESERVED.gauge(meters, budget, AnswerBudget::reserved);
        return budget;
    }
}
