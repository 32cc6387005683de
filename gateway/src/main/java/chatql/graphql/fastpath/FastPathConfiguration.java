package chatql.graphql.fastpath;

import chatql.graphql.MessageController;
import chatql.graphql.transport.execution.FastPath;
import chatql.tracing.SpanObservations;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of the fast path. Where this configuration is not imported, graphql-java executes every operation. */
@Configuration(proxyBeanMethods = false)
public class FastPathConfiguration {
    @Bean
    FastPath fastPaths(MessageController controller, MeterRegistry meters, SpanObservations spans) {
        return new ObservedFastPath(
                new CreateMessageFastPath(controller).or(new SubscriptionFastPath(controller)), meters, spans);
    }
}
