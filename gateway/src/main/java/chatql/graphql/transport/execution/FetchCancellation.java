package chatql.graphql.transport.execution;

import graphql.execution.instrumentation.InstrumentationState;
import graphql.execution.instrumentation.SimplePerformantInstrumentation;
import graphql.execution.instrumentation.parameters.InstrumentationFieldFetchParameters;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.concurrent.CompletableFuture;

/** Notes what is being fetched for an operation, in its {@link PendingFetches}. */
public final class FetchCancellation extends SimplePerformantInstrumentation {
    @Override
    public DataFetcher<?> instrumentDataFetcher(
            DataFetcher<?> fetcher, InstrumentationFieldFetchParameters parameters, InstrumentationState state) {
        return parameters.isTrivialDataFetcher() ? fetcher : asked -> noted(fetcher.get(asked), asked);
    }

    private static Object noted(Object value, DataFetchingEnvironment asked) {
        PendingFetches pending = asked.getGraphQlContext().get(PendingFetches.class);
        return pending != null && value instanceof CompletableFuture<?> future ? pending.add(future) : value;
    }
}
