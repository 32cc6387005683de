package chatql.graphql;

import chatql.graphql.transport.EventIds;
import chatql.graphql.transport.TransportConfiguration;
import chatql.limit.LimitSettings;
import chatql.limit.TurnedAway;
import chatql.limit.Writes;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.schema.DataFetchingEnvironment;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.execution.DataFetcherExceptionResolver;
import org.springframework.graphql.execution.DataFetcherExceptionResolverAdapter;
import org.springframework.graphql.execution.RuntimeWiringConfigurer;
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
            protected @Nullable GraphQLError resolveToSingleError(
                    Throwable failure, DataFetchingEnvironment environment) {
                return Failures.error(GraphqlErrorBuilder.newError(environment), failure);
            }
        };
    }

    /**
     * The subscription's own, and not an annotation's: that would keep the environment of the operation, its document and
     * all, for as long as somebody listens.
     */
    @Bean
    RuntimeWiringConfigurer subscriptionFields(MessageController controller) {
        return wiring -> wiring.type(
                "Subscription",
                type -> type.dataFetcher(
                        "messages",
                        asked -> controller.subscription(
                                asked.getArgument("userId"),
                                asked.getArgument("after"),
                                asked.getGraphQlContext().get("lastEventId"),
                                EventIds.of(asked.getGraphQlContext()))));
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
            protected @Nullable GraphQLError resolveToSingleError(Throwable failure) {
                return Failures.error(GraphqlErrorBuilder.newError(), failure);
            }
        };
    }
}
