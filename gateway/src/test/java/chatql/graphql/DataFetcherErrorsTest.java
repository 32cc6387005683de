package chatql.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.history.HistoryUnavailable;
import graphql.GraphQL;
import graphql.GraphqlErrorBuilder;
import graphql.Scalars;
import graphql.schema.DataFetcher;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.graphql.execution.DataFetcherExceptionResolver;

@ExtendWith(OutputCaptureExtension.class)
class DataFetcherErrorsTest {
    @Test
    void unexpectedErrorShowsIdToClientAndDetailsInLog(CapturedOutput log) {
        var error =
                DataFetcherErrors.error(GraphqlErrorBuilder.newError(), new IllegalStateException("an inner reason"));

        assertThat(error.getMessage()).isEqualTo("The operation failed");
        assertThat(error.getExtensions()).containsEntry("code", "INTERNAL");
        assertThat(error.toSpecification().toString()).doesNotContain("an inner reason", "IllegalState");
        assertThat(log).contains(error.getExtensions().get("id").toString()).contains("an inner reason");
    }

    /** Uses Spring GraphQL's own handler, which logs failures that no resolver handles. */
    @Test
    void repeatedErrorLogsFiveLinesAndOneStackTraceAMinute(CapturedOutput log) {
        GraphQL graphQl = failing();

        for (int each = 0; each < 1_000; each++) {
            assertThat(graphQl.execute("{ fails }").getErrors())
                    .singleElement()
                    .satisfies(error -> assertThat(error.getExtensions()).containsKey("id"));
        }

        assertThat(log.getAll().lines().filter(line -> line.contains(" ERROR ")))
                .hasSize(5);
        assertThat(log.getAll().lines().filter(line -> line.contains("a fault that a client repeats")))
                .hasSize(5);
        assertThat(log.getAll()
                        .lines()
                        .filter(line -> line.contains("\tat chatql.graphql.DataFetcherErrorsTest.lambda$failing")))
                .hasSize(1);
        assertThat(log).doesNotContain("Unresolved");
    }

    private static GraphQL failing() {
        var query = GraphQLObjectType.newObject()
                .name("Query")
                .field(field -> field.name("fails").type(Scalars.GraphQLString));
        DataFetcher<?> fails = asked -> {
            throw new IllegalArgumentException("a fault that a client repeats");
        };
        var code = GraphQLCodeRegistry.newCodeRegistry()
                .dataFetcher(FieldCoordinates.coordinates("Query", "fails"), fails);
        return GraphQL.newGraphQL(GraphQLSchema.newSchema()
                        .query(query)
                        .codeRegistry(code.build())
                        .build())
                .defaultDataFetcherExceptionHandler(DataFetcherExceptionResolver.createExceptionHandler(
                        List.of(new GraphQlConfiguration().failures())))
                .build();
    }

    @Test
    void repeatedErrorDoesNotHideAnother(CapturedOutput log) {
        var repeated = new UnsupportedOperationException("the first fault");
        for (int each = 0; each < 10; each++) {
            DataFetcherErrors.error(GraphqlErrorBuilder.newError(), repeated);
        }

        var error = DataFetcherErrors.error(
                GraphqlErrorBuilder.newError(), new UnsupportedOperationException("the second fault"));

        assertThat(log).contains(error.getExtensions().get("id").toString()).contains("the second fault");
    }

    @Test
    void expectedErrorHasNoIdAndNoLogLine(CapturedOutput log) {
        var error = DataFetcherErrors.error(
                GraphqlErrorBuilder.newError(), new HistoryUnavailable("History is unavailable", null));

        assertThat(error.getExtensions())
                .containsEntry("code", "HISTORY_UNAVAILABLE")
                .doesNotContainKey("id");
        assertThat(log).isEmpty();
    }
}
