package chatql.graphql;

import graphql.ExecutionResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.graphql.ExecutionGraphQlService;
import org.springframework.graphql.data.method.annotation.support.AnnotatedControllerConfigurer;
import org.springframework.graphql.execution.DefaultExecutionGraphQlService;
import org.springframework.graphql.execution.GraphQlSource;
import org.springframework.graphql.support.DefaultExecutionGraphQlRequest;

/** Executes a controller's operations with Spring GraphQL and graphql-java, as the caller Alice. */
record OrdinaryExecution(ExecutionGraphQlService service) {
    static OrdinaryExecution of(MessageController controller) {
        var context = new GenericApplicationContext();
        context.registerBean(MessageController.class, () -> controller);
        context.refresh();
        var controllers = new AnnotatedControllerConfigurer();
        controllers.setApplicationContext(context);
        controllers.afterPropertiesSet();
        var configuration = new GraphQlConfiguration();
        return new OrdinaryExecution(new DefaultExecutionGraphQlService(GraphQlSource.schemaResourceBuilder()
                .schemaResources(new ClassPathResource("graphql/schema.graphqls"))
                .configureRuntimeWiring(controllers)
                .configureRuntimeWiring(configuration.subscriptionFields(controller))
                .exceptionResolvers(List.of(configuration.failures()))
                .subscriptionExceptionResolvers(List.of(configuration.streamFailures()))
                .build()));
    }

    /** @param context graphql-java's context */
    ExecutionResult of(String query, Map<String, Object> variables, Map<Object, Object> context) {
        var request = new DefaultExecutionGraphQlRequest(query, null, variables, Map.of(), "1", null);
        request.configureExecutionInput(
                (input, builder) -> builder.graphQLContext(context).build());
        return Objects.requireNonNull(service.execute(request)
                        .contextWrite(Alice.IS_SPEAKING::writeTo)
                        .block())
                .getExecutionResult();
    }
}
