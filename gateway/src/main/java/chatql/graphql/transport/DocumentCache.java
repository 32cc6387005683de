package chatql.graphql.transport;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import graphql.ExecutionInput;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.execution.preparsed.PreparsedDocumentProvider;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Documents that were read, held against the limits and against the schema, and found good: clients send few different
 * ones, again and again. What is refused is looked at each time, so that it is counted each time.
 */
final class DocumentCache implements PreparsedDocumentProvider {
    /** Of all texts together, in characters: what was read of them takes up to a hundred times that in memory. */
    private static final int LARGEST = 1 << 18;

    /** What a document may ask for is judged for the operation that is meant, which therefore belongs to what is known. */
    private record Asked(String document, @Nullable String operation) {
        int weight() {
            return document.length();
        }
    }

    private record Known(PreparsedDocumentEntry entry, Shortcut.@Nullable Way way) {}

    private final Shortcut shortcut;
    private final Cache<Asked, Known> known = Caffeine.newBuilder()
            .maximumWeight(LARGEST)
            .weigher((Asked asked, Known good) -> asked.weight())
            .build();

    DocumentCache(Shortcut shortcut) {
        this.shortcut = shortcut;
    }

    /** How an operation is answered without executing it; null where that isn't known. */
    Shortcut.@Nullable Way way(String document, @Nullable String operation) {
        Known good = known.getIfPresent(new Asked(document, operation));
        return good == null ? null : good.way();
    }

    @Override
    public CompletableFuture<PreparsedDocumentEntry> getDocumentAsync(
            ExecutionInput input, Function<ExecutionInput, PreparsedDocumentEntry> read) {
        var asked = new Asked(input.getQuery(), input.getOperationName());
        Known good = known.getIfPresent(asked);
        return CompletableFuture.completedFuture(good == null ? keepIfGood(asked, read.apply(input)) : good.entry());
    }

    private PreparsedDocumentEntry keepIfGood(Asked asked, PreparsedDocumentEntry entry) {
        if (!entry.hasErrors()) {
            known.put(asked, new Known(entry, shortcut.of(entry.getDocument(), asked.operation())));
        }
        return entry;
    }
}
