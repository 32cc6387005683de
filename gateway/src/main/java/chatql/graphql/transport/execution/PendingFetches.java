package chatql.graphql.transport.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The running fetches of one operation. graphql-java does not cancel its fields' futures when it is cancelled, and a
 * reader would continue for a client that has disconnected. Thread-safe.
 */
final class PendingFetches {
    private final List<CompletableFuture<?>> futures = new ArrayList<>(1);
    private boolean cancelled;

    /** The future for graphql-java: its value, or null where the operation was cancelled, which is not a failure. */
    <T> CompletableFuture<T> add(CompletableFuture<T> future) {
        if (future.isDone()) {
            return future;
        }
        if (!register(future)) {
            future.cancel(true);
        }
        CompletableFuture<T> value = new CompletableFuture<>();
        future.whenComplete((fetched, failure) -> complete(value, fetched, failure));
        return value;
    }

    private synchronized boolean register(CompletableFuture<?> future) {
        return !cancelled && futures.add(future);
    }

    private static <T> void complete(CompletableFuture<T> value, @Nullable T fetched, @Nullable Throwable failure) {
        if (failure == null || failure instanceof CancellationException) {
            value.complete(fetched);
        } else {
            value.completeExceptionally(failure);
        }
    }

    void cancel() {
        takeAll().forEach(future -> future.cancel(true));
    }

    private synchronized List<CompletableFuture<?>> takeAll() {
        cancelled = true;
        List<CompletableFuture<?>> taken = List.copyOf(futures);
        futures.clear();
        return taken;
    }
}
