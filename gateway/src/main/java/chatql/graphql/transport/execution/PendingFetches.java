package chatql.graphql.transport.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is being fetched for one operation. graphql-java forgets its fields' futures when it is cancelled, and a reader would go
 * on for a client that has gone. Safe for use by several threads.
 */
final class PendingFetches {
    private final List<CompletableFuture<?>> futures = new ArrayList<>(1);
    private boolean cancelled;

    /** What graphql-java is to wait for: the value, or nothing where the operation was cancelled, which is no failure. */
    <T> CompletableFuture<T> add(CompletableFuture<T> future) {
        if (future.isDone()) {
            return future;
        }
        if (!isKept(future)) {
            future.cancel(true);
        }
        CompletableFuture<T> value = new CompletableFuture<>();
        future.whenComplete((fetched, failure) -> complete(value, fetched, failure));
        return value;
    }

    private synchronized boolean isKept(CompletableFuture<?> future) {
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
        taken().forEach(future -> future.cancel(true));
    }

    private synchronized List<CompletableFuture<?>> taken() {
        cancelled = true;
        List<CompletableFuture<?>> taken = List.copyOf(futures);
        futures.clear();
        return taken;
    }
}
