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
 * Documents that were read, held against the limits and against the schema, and found good: clients send few different
 * ones, again and again. What is refused is looked at each time, so that it is counted each time.
 */
public final class DocumentCache implements PreparsedDocumentProvider {
    /** Of all entries together, in bytes of memory: room for some thousand documents as clients send them. */
    static final int MAX_COUNT = 4 << 20;

    /** What a document may ask for is judged for the operation that is meant, which therefore belongs to what is known. */
    private record Asked(String document, @Nullable String operation) {
        private static final int CHARACTER = 2;

        int bytes() {
            return CHARACTER * (document.length() + (operation == null ? 0 : operation.length()));
        }
    }

    private record Known(
            PreparsedDocumentEntry entry,
            FastPath.@Nullable CompiledOperation compiledOperation,
            PageDemand pages,
            int documentBytes) {
        /** The objects of one entry besides its text and its document: keys, the shortcut's plan, the cache's own node. */
        private static final int ENTRY = 1_024;

        int bytes(Asked asked) {
            return ENTRY + asked.bytes() + documentBytes;
        }
    }

    private final FastPath fastPath;
    private final PageSizes pageSizes;
    private final DocumentLimits limits;
    private final Cache<Asked, Known> known = Caffeine.newBuilder()
            .maximumWeight(MAX_COUNT)
            .weigher((Asked asked, Known good) -> good.bytes(asked))
            .build();

    public DocumentCache(FastPath fastPath, PageSizes pageSizes, DocumentLimits limits) {
        this.fastPath = fastPath;
        this.pageSizes = pageSizes;
        this.limits = limits;
    }

    /** How an operation is answered without executing it; null where that isn't known. */
    FastPath.@Nullable CompiledOperation compiledOperation(String document, @Nullable String operation) {
        Known good = known.getIfPresent(new Asked(document, operation));
        return good == null ? null : good.compiledOperation();
    }

    @Override
    public CompletableFuture<PreparsedDocumentEntry> getDocumentAsync(
            ExecutionInput input, Function<ExecutionInput, PreparsedDocumentEntry> read) {
        var asked = new Asked(input.getQuery(), input.getOperationName());
        Known good = known.getIfPresent(asked);
        try {
            return CompletableFuture.completedFuture(
                    good == null ? read(asked, read.apply(input), input) : within(good, input));
        } catch (RequestRejected noRoom) {
            return CompletableFuture.failedFuture(noRoom);
        }
    }

    private PreparsedDocumentEntry read(Asked asked, PreparsedDocumentEntry entry, ExecutionInput input) {
        if (entry.hasErrors()) {
            return entry;
        }
        Document document = entry.getDocument();
        var good = new Known(
                entry,
                fastPath.of(document, asked.operation()),
                new DocumentComplexity(document, asked.operation(), pageSizes).pages(),
                DocumentBytes.of(document, asked.document()));
        // A name that the document does not define is the client's to invent, any number of times.
        if (isDefined(asked.operation(), document)) {
            known.put(asked, good);
        }
        return within(good, input);
    }

    /** Whatever a document has said before, its variables are others each time. */
    private PreparsedDocumentEntry within(Known good, ExecutionInput input) {
        long entries = good.pages().isNone() ? 0 : good.pages().entries(input.getVariables());
        Optional<GraphQLError> tooMany = limits.tooManyEntries(entries);
        if (tooMany.isPresent()) {
            return new PreparsedDocumentEntry(tooMany.get());
        }
        Reservation reservation = input.getGraphQLContext().get(Reservation.class);
        if (reservation != null) {
            reservation.execute(good.documentBytes(), entries);
        }
        return good.entry();
    }

    private static boolean isDefined(@Nullable String operation, Document document) {
        return operation == null
                || document.getDefinitionsOfType(OperationDefinition.class).stream()
                        .anyMatch(defined -> operation.equals(defined.getName()));
    }

    /** What the entries take together. */
    long bytes() {
        known.cleanUp();
        return known.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }
}
