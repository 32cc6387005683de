package chatql.graphql;

import chatql.delivery.Subscriptions;
import chatql.graphql.transport.execution.EventSubscriptionStrategy;
import chatql.graphql.transport.execution.FastPath;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.history.History;
import chatql.limit.WriteRateLimit;
import chatql.message.MessagePublisher;
import chatql.tracing.MessageTracing;
import chatql.tracing.SpanHandler;
import graphql.ExecutionResult;
import graphql.parser.ParserOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.graphql.ExecutionGraphQlService;
import org.springframework.graphql.data.method.annotation.support.AnnotatedControllerConfigurer;
import org.springframework.graphql.execution.DataFetcherExceptionResolver;
import org.springframework.graphql.execution.DefaultExecutionGraphQlService;
import org.springframework.graphql.execution.GraphQlSource;
import org.springframework.graphql.support.DefaultExecutionGraphQlRequest;

/** Executes a controller's operations with Spring GraphQL and graphql-java, as the caller Alice. */
public record OrdinaryExecution(ExecutionGraphQlService service) {
    public static OrdinaryExecution of(MessageController controller) {
        return of(controller, source -> source);
    }

    /** @param more of what the source is built with */
    public static OrdinaryExecution of(
            MessageController controller, UnaryOperator<GraphQlSource.SchemaResourceBuilder> more) {
        var context = new GenericApplicationContext();
        context.registerBean(MessageController.class, () -> controller);
        context.refresh();
        var controllers = new AnnotatedControllerConfigurer();
        controllers.setApplicationContext(context);
        controllers.afterPropertiesSet();
        var configuration = new GraphQlConfiguration();
        return new OrdinaryExecution(new DefaultExecutionGraphQlService(more.apply(
                        GraphQlSource.schemaResourceBuilder())
                .schemaResources(new ClassPathResource("graphql/schema.graphqls"))
                .configureRuntimeWiring(controllers)
                .configureRuntimeWiring(configuration.subscriptionFields(controller))
                .exceptionResolvers(List.of(configuration.failures()))
                .configureGraphQl(graphQl -> graphQl.subscriptionExecutionStrategy(new EventSubscriptionStrategy(
                        DataFetcherExceptionResolver.createExceptionHandler(List.of(configuration.failures())))))
                .subscriptionExceptionResolvers(List.of(configuration.streamFailures()))
                .build()));
    }

    /** The same operation on the fast path. */
    public static FastPath.Invocation invocation(
            String query, Map<String, Object> variables, @Nullable String lastEventId) {
        var body = new GraphQlRequestBody(
                Map.of("query", query, "variables", variables), ParserOptions.getDefaultParserOptions());
        return new FastPath.Invocation(body, lastEventId);
    }

    /** @param context of graphql-java */
    public ExecutionResult of(String query, Map<String, Object> variables, Map<Object, Object> context) {
        var request = new DefaultExecutionGraphQlRequest(query, null, variables, Map.of(), "1", null);
        request.configureExecutionInput(
                (input, builder) -> builder.graphQLContext(context).build());
        return Objects.requireNonNull(service.execute(request)
                        .contextWrite(Alice.IS_SPEAKING::writeTo)
                        .block())
                .getExecutionResult();
    }

    /** A controller with these, for tests of other packages; what a test doesn't need is null. */
    public static MessageController controller(
            @Nullable MessagePublisher publisher,
            @Nullable History history,
            @Nullable Subscriptions subscriptions,
            @Nullable WriteRateLimit limit,
            MeterRegistry meters) {
        return new MessageController(publisher, history, subscriptions, limit, meters, MessageTracing.NONE);
    }

    /** What makes spans of operations. */
    public static SpanHandler<?> operationSpans(Tracer tracer, Propagator propagator) {
        return new OperationSpans(tracer, propagator);
    }
}
