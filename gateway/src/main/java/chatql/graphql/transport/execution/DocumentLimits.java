package chatql.graphql.transport.execution;

import chatql.limit.Limit;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import graphql.GraphQLError;
import graphql.execution.AbortExecutionException;
import graphql.execution.instrumentation.DocumentAndVariables;
import graphql.execution.instrumentation.InstrumentationContext;
import graphql.execution.instrumentation.InstrumentationState;
import graphql.execution.instrumentation.SimpleInstrumentationContext;
import graphql.execution.instrumentation.SimplePerformantInstrumentation;
import graphql.execution.instrumentation.parameters.InstrumentationExecutionParameters;
import graphql.language.Directive;
import graphql.language.Document;
import graphql.language.Node;
import graphql.parser.ParserOptions;
import graphql.parser.exceptions.ParseCancelledException;
import graphql.parser.exceptions.ParseCancelledTooDeepException;
import graphql.parser.exceptions.ParseCancelledTooManyCharsException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a document may be. One that is too much is refused before it is held against the schema, which costs more. */
public final class DocumentLimits extends SimplePerformantInstrumentation {
    private final LimitSettings limits;
    private final LimitMetrics limitMetrics;

    public DocumentLimits(LimitSettings limits, LimitMetrics limitMetrics) {
        this.limits = limits;
        this.limitMetrics = limitMetrics;
    }

    /** A document of 14 KB, of nested list types, would cost a second before it is refused. */
    public static ParserOptions parser(LimitSettings limits) {
        return ParserOptions.getDefaultOperationParserOptions()
                .transform(options -> options.maxTokens(limits.tokens())
                        .maxCharacters(Math.toIntExact(limits.document().toBytes())));
    }

    @Override
    public @Nullable InstrumentationContext<Document> beginParse(
            InstrumentationExecutionParameters parameters, InstrumentationState state) {
        return SimpleInstrumentationContext.whenCompleted((document, failure) -> {
            switch (failure) {
                case ParseCancelledTooManyCharsException tooLong -> limitMetrics.count(Limit.DOCUMENT);
                case ParseCancelledTooDeepException tooDeep -> limitMetrics.count(Limit.DEPTH);
                case ParseCancelledException tooMuch -> limitMetrics.count(Limit.TOKENS);
                case null, default -> {}
            }
        });
    }

    @Override
    public DocumentAndVariables instrumentDocumentAndVariables(
            DocumentAndVariables asked, InstrumentationExecutionParameters parameters, InstrumentationState state) {
        var documentComplexity = new DocumentComplexity(asked.getDocument(), parameters.getOperation(), PageSizes.NONE);
        require(
                documentComplexity.depth(),
                limits.depth(),
                Limit.DEPTH,
                "An operation nests at most %d fields deep",
                "");
        require(
                documentComplexity.complexity(),
                limits.complexity(),
                Limit.COMPLEXITY,
                "An operation has at most %d points",
                ": 1 for each field, 10 for each at its top and for each alias below it");
        require(
                directives(asked.getDocument()),
                limits.directives(),
                Limit.DIRECTIVES,
                "A document has at most %d directives",
                "");
        return asked;
    }

    private void require(long has, int most, Limit limit, String refusal, String counted) {
        if (has > most) {
            limitMetrics.count(limit);
            throw new AbortExecutionException(refusal.formatted(most) + ", and this one has " + atMost(has) + counted);
        }
    }

    /** An operation whose pages have too many entries, by its variables; empty where it is good. */
    Optional<GraphQLError> tooManyEntries(long entries) {
        if (entries <= limits.pageEntries()) {
            return Optional.empty();
        }
        limitMetrics.count(Limit.PAGE_ENTRIES);
        return Optional.of(new AbortExecutionException("The pages of an operation have at most " + limits.pageEntries()
                + " entries, and this one asks for " + atMost(entries)
                + ": the size of each page, and that once more for each alias within it"));
    }

    private static String atMost(long has) {
        return has > Integer.MAX_VALUE ? "very many" : Long.toString(has);
    }

    private static int directives(Document document) {
        int count = 0;
        Deque<Node<?>> rest = new ArrayDeque<>();
        rest.add(document);
        while (!rest.isEmpty()) {
            Node<?> node = rest.remove();
            count += node instanceof Directive ? 1 : 0;
            node.getChildren().forEach(rest::add);
        }
        return count;
    }
}
