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

    private final Cache<Asked, PreparsedDocumentEntry> known = Caffeine.newBuilder()
            .maximumWeight(LARGEST)
            .weigher((Asked asked, PreparsedDocumentEntry entry) -> asked.weight())
            .build();

    @Override
    public CompletableFuture<PreparsedDocumentEntry> getDocumentAsync(
            ExecutionInput input, Function<ExecutionInput, PreparsedDocumentEntry> read) {
        var asked = new Asked(input.getQuery(), input.getOperationName());
        PreparsedDocumentEntry entry = known.getIfPresent(asked);
        return CompletableFuture.completedFuture(entry == null ? keepIfGood(asked, read.apply(input)) : entry);
    }

    private PreparsedDocumentEntry keepIfGood(Asked asked, PreparsedDocumentEntry entry) {
        if (!entry.hasErrors()) {
            known.put(asked, entry);
        }
        return entry;
    }
}
