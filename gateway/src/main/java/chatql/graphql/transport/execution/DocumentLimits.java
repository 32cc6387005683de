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

/** Enforces the limits of documents. A document over a limit is rejected before its validation, which costs more. */
public final class DocumentLimits extends SimplePerformantInstrumentation {
    private final LimitSettings limits;
    private final LimitMetrics limitMetrics;

    public DocumentLimits(LimitSettings limits, LimitMetrics limitMetrics) {
        this.limits = limits;
        this.limitMetrics = limitMetrics;
    }

    /** Limits the parser, which would otherwise take a second to reject a document of 14 KB with nested list types. */
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
            DocumentAndVariables document, InstrumentationExecutionParameters parameters, InstrumentationState state) {
        var documentComplexity =
                new DocumentComplexity(document.getDocument(), parameters.getOperation(), PageSizes.NONE);
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
                directives(document.getDocument()),
                limits.directives(),
                Limit.DIRECTIVES,
                "A document has at most %d directives",
                "");
        return document;
    }

    private void require(long actual, int maximum, Limit limit, String message, String explanation) {
        if (actual > maximum) {
            limitMetrics.count(limit);
            throw new AbortExecutionException(
                    message.formatted(maximum) + ", and this one has " + inWords(actual) + explanation);
        }
    }

    /** The error of an operation whose pages have too many entries; empty where the number is within the limit. */
    Optional<GraphQLError> tooManyEntries(long entries) {
        if (entries <= limits.pageEntries()) {
            return Optional.empty();
        }
        limitMetrics.count(Limit.PAGE_ENTRIES);
        return Optional.of(new AbortExecutionException("The pages of an operation have at most " + limits.pageEntries()
                + " entries, and this one asks for " + inWords(entries)
                + ": the size of each page, and again for each alias within it"));
    }

    private static String inWords(long count) {
        return count > Integer.MAX_VALUE ? "very many" : Long.toString(count);
    }

    private static int directives(Document document) {
        int count = 0;
        Deque<Node<?>> queue = new ArrayDeque<>();
        queue.add(document);
        while (!queue.isEmpty()) {
            Node<?> node = queue.remove();
            count += node instanceof Directive ? 1 : 0;
            node.getChildren().forEach(queue::add);
        }
        return count;
    }
}
