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

/** The operations, assembled. */
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
                                asked.getGraphQlContext().get("lastEventId"))));
    }

    @Bean
    GraphQlSourceBuilderCustomizer messageEvents(ObjectProvider<DataFetcherExceptionResolver> failures) {
        var events = new SharedResultSubscriptionStrategy(DataFetcherExceptionResolver.createExceptionHandler(
                failures.orderedStream().toList()));
        return source -> source.configureGraphQl(graphQl -> graphQl.subscriptionExecutionStrategy(events));
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
     * An operation has one field that is fetched, whose time is its own: to observe that, too, costs as much as the field.
     * But where traces are collected, it is by its field's observation that what it calls knows to whom it belongs.
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
