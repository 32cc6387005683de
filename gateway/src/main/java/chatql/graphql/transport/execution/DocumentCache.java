package chatql.graphql.transport.execution;

import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.request.RequestRejected;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import graphql.ExecutionInput;
import graphql.GraphQLError;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.execution.preparsed.PreparsedDocumentProvider;
import graphql.language.Document;
import graphql.language.OperationDefinition;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Caches documents that were parsed, are within the limits and are valid by the schema: clients send few different
 * ones, again and again. A rejected document is not cached, so that each rejection is counted.
 */
public final class DocumentCache implements PreparsedDocumentProvider {
    /** The maximum size of all entries together, in bytes of memory: enough for some thousand typical documents. */
    static final int MAX_COUNT = 4 << 20;

    /**
     * The key of an entry. It has the operation's name, because the limits are checked for the operation to execute.
     */
    private record Key(String document, @Nullable String operation) {
        private static final int CHARACTER = 2;

        int bytes() {
            return CHARACTER * (document.length() + (operation == null ? 0 : operation.length()));
        }
    }

    private record CachedDocument(
            PreparsedDocumentEntry entry,
            FastPath.@Nullable CompiledOperation compiledOperation,
            PageDemand pages,
            int documentBytes) {
        /** Bytes of an entry besides its text and its document: keys, the compiled operation, the cache's own node. */
        private static final int ENTRY = 1_024;

        int bytes(Key key) {
            return ENTRY + key.bytes() + documentBytes;
        }
    }

    private final FastPath fastPath;
    private final PageSizes pageSizes;
    private final DocumentLimits limits;
    private final Cache<Key, CachedDocument> cache = Caffeine.newBuilder()
            .maximumWeight(MAX_COUNT)
            .weigher((Key key, CachedDocument cached) -> cached.bytes(key))
            .build();

    public DocumentCache(FastPath fastPath, PageSizes pageSizes, DocumentLimits limits) {
        this.fastPath = fastPath;
        this.pageSizes = pageSizes;
        this.limits = limits;
    }

    /** How the fast path answers an operation; null where the document is not cached or has no fast path. */
    FastPath.@Nullable CompiledOperation compiledOperation(String document, @Nullable String operation) {
        CachedDocument cached = cache.getIfPresent(new Key(document, operation));
        return cached == null ? null : cached.compiledOperation();
    }

    @Override
    public CompletableFuture<PreparsedDocumentEntry> getDocumentAsync(
            ExecutionInput input, Function<ExecutionInput, PreparsedDocumentEntry> parse) {
        var key = new Key(input.getQuery(), input.getOperationName());
        CachedDocument cached = cache.getIfPresent(key);
        try {
            return CompletableFuture.completedFuture(
                    cached == null ? add(key, parse.apply(input), input) : checked(cached, input));
        } catch (RequestRejected rejected) {
            return CompletableFuture.failedFuture(rejected);
        }
    }

    private PreparsedDocumentEntry add(Key key, PreparsedDocumentEntry entry, ExecutionInput input) {
        if (entry.hasErrors()) {
            return entry;
        }
        Document document = entry.getDocument();
        var cached = new CachedDocument(
                entry,
                fastPath.of(document, key.operation()),
                new DocumentComplexity(document, key.operation(), pageSizes).pages(),
                DocumentBytes.of(document, key.document()));
        // A client can invent any number of operation names that the document does not define.
        if (isDefined(key.operation(), document)) {
            cache.put(key, cached);
        }
        return checked(cached, input);
    }

    /** Checks the limit that depends on the variables, which differ each time, and reserves the operation's memory. */
    private PreparsedDocumentEntry checked(CachedDocument cached, ExecutionInput input) {
        long entries = cached.pages().isNone() ? 0 : cached.pages().entries(input.getVariables());
        Optional<GraphQLError> tooMany = limits.tooManyEntries(entries);
        if (tooMany.isPresent()) {
            return new PreparsedDocumentEntry(tooMany.get());
        }
        Reservation reservation = input.getGraphQLContext().get(Reservation.class);
        if (reservation != null) {
            reservation.execute(cached.documentBytes(), entries);
        }
        return cached.entry();
    }

    private static boolean isDefined(@Nullable String operation, Document document) {
        return operation == null
                || document.getDefinitionsOfType(OperationDefinition.class).stream()
                        .anyMatch(defined -> operation.equals(defined.getName()));
    }

    /** The size of all entries together, in bytes of memory. */
    long bytes() {
        cache.cleanUp();
        return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }
}
