package chatql.graphql;

import chatql.graphql.transport.TransportConfiguration;
import chatql.limit.LimitSettings;
import chatql.limit.TurnedAway;
import chatql.limit.Writes;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.schema.DataFetchingEnvironment;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.execution.DataFetcherExceptionResolver;
import org.springframework.graphql.execution.DataFetcherExceptionResolverAdapter;
import org.springframework.graphql.execution.SubscriptionExceptionResolver;
import org.springframework.graphql.execution.SubscriptionExceptionResolverAdapter;

/** The operations, assembled. */
@Configuration(proxyBeanMethods = false)
@Import({UserController.class, MessageController.class, TransportConfiguration.class})
public class GraphQlConfiguration {
    @Bean
    DataFetcherExceptionResolver failures() {
        return new DataFetcherExceptionResolverAdapter() {
            @Override
            protected GraphQLError resolveToSingleError(Throwable failure, DataFetchingEnvironment environment) {
                return Failures.error(GraphqlErrorBuilder.newError(environment), failure);
            }
        };
    }

    @Bean
    GraphQlSourceBuilderCustomizer messageEvents(ObjectProvider<DataFetcherExceptionResolver> failures) {
        var events = new MessageEvents(DataFetcherExceptionResolver.createExceptionHandler(
                failures.orderedStream().toList()));
        return source -> source.configureGraphQl(graphQl -> graphQl.subscriptionExecutionStrategy(events));
    }

    @Bean
    Writes writes(LimitSettings limits, TurnedAway turnedAway) {
        return new Writes(limits, turnedAway);
    }

    @Bean
    SubscriptionExceptionResolver streamFailures() {
        return new SubscriptionExceptionResolverAdapter() {
            @Override
            protected GraphQLError resolveToSingleError(Throwable failure) {
                return Failures.error(GraphqlErrorBuilder.newError(), failure);
            }
        };
    }
}
