package chatql.graphql;

import chatql.graphql.transport.TransportConfiguration;
import chatql.graphql.transport.execution.PageSizes;
import chatql.history.PageRequest;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import chatql.limit.WriteRateLimit;
import chatql.tracing.ParentSpanHandler;
import chatql.tracing.SpanHandler;
import chatql.tracing.TracingExportCondition;
import chatql.user.UserSearch;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.schema.DataFetchingEnvironment;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.execution.DataFetcherExceptionResolver;
import org.springframework.graphql.execution.DataFetcherExceptionResolverAdapter;
import org.springframework.graphql.execution.RuntimeWiringConfigurer;
import org.springframework.graphql.execution.SubscriptionExceptionResolver;
import org.springframework.graphql.execution.SubscriptionExceptionResolverAdapter;
import org.springframework.graphql.observation.DataFetcherObservationContext;

/** Beans of the GraphQL operations. */
@Configuration(proxyBeanMethods = false)
@Import({UserController.class, MessageController.class, TransportConfiguration.class})
public class GraphQlConfiguration {
    @Bean
    DataFetcherExceptionResolver failures() {
        return new DataFetcherExceptionResolverAdapter() {
            @Override
            protected GraphQLError resolveToSingleError(Throwable failure, DataFetchingEnvironment environment) {
                return DataFetcherErrors.error(GraphqlErrorBuilder.newError(environment), failure);
            }
        };
    }

    /**
     * Registers the subscription's data fetcher without an annotation: an annotated method would keep the operation's
     * environment, including its document, for as long as the subscription lives.
     */
    @Bean
    RuntimeWiringConfigurer subscriptionFields(MessageController controller) {
        return wiring -> wiring.type(
                "Subscription",
                type -> type.dataFetcher(
                        "messages",
                        environment -> controller.subscription(
                                environment.getArgument("userId"),
                                environment.getArgument("after"),
                                environment.getGraphQlContext().get("lastEventId"))));
    }

    @Bean
    GraphQlSourceBuilderCustomizer messageEvents(ObjectProvider<DataFetcherExceptionResolver> failures) {
        var strategy = new SharedResultSubscriptionStrategy(DataFetcherExceptionResolver.createExceptionHandler(
                failures.orderedStream().toList()));
        return source -> source.configureGraphQl(graphQl -> graphQl.subscriptionExecutionStrategy(strategy));
    }

    @Bean
    PageSizes pageSizes() {
        return new PageSizes(
                Map.of("messages", MessagesArguments.USUAL, "users", UsersArguments.USUAL),
                Math.max(PageRequest.MAX_COUNT, UserSearch.MAX_COUNT));
    }

    @Bean
    WriteRateLimit writeRateLimit(LimitSettings limits, LimitMetrics limitMetrics) {
        return new WriteRateLimit(limits, limitMetrics);
    }

    @Bean
    @Conditional(TracingExportCondition.class)
    SpanHandler<?> operationSpans(Tracer tracer, Propagator propagator) {
        return new OperationSpans(tracer, propagator);
    }

    @Bean
    @Conditional(TracingExportCondition.class)
    ObservationHandler<?> fieldSpans(Tracer tracer) {
        return new ParentSpanHandler(tracer, DataFetcherObservationContext.class);
    }

    /**
     * Disables the observation of fields where traces are not collected. An operation fetches one field, whose time is
     * the operation's, and observing the field costs as much as the field. With traces, the field's observation is the
     * parent of the spans of what the field calls.
     */
    @Bean
    ObservationPredicate withoutFields(ObjectProvider<Tracer> tracer) {
        boolean traced = tracer.getIfAvailable() != null;
        return (name, context) -> traced || !(context instanceof DataFetcherObservationContext);
    }

    @Bean
    SubscriptionExceptionResolver streamFailures() {
        return new SubscriptionExceptionResolverAdapter() {
            @Override
            protected GraphQLError resolveToSingleError(Throwable failure) {
                return DataFetcherErrors.error(GraphqlErrorBuilder.newError(), failure);
            }
        };
    }
}
