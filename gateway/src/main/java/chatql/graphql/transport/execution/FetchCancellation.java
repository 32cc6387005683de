package chatql.graphql.transport.execution;

import graphql.execution.instrumentation.InstrumentationState;
import graphql.execution.instrumentation.SimplePerformantInstrumentation;
import graphql.execution.instrumentation.parameters.InstrumentationFieldFetchParameters;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.concurrent.CompletableFuture;

/** Adds an operation's running fetches to its {@link PendingFetches}. */
public final class FetchCancellation extends SimplePerformantInstrumentation {
    @Override
    public DataFetcher<?> instrumentDataFetcher(
            DataFetcher<?> fetcher, InstrumentationFieldFetchParameters parameters, InstrumentationState state) {
        return parameters.isTrivialDataFetcher()
                ? fetcher
                : environment -> recorded(fetcher.get(environment), environment);
    }

    private static Object recorded(Object value, DataFetchingEnvironment environment) {
        PendingFetches pending = environment.getGraphQlContext().get(PendingFetches.class);
        return pending != null && value instanceof CompletableFuture<?> future ? pending.add(future) : value;
    }
}
