package chatql.graphql.transport.execution;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.TestServer;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import graphql.ExecutionInput;
import graphql.GraphqlErrorBuilder;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import graphql.parser.Parser;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentCacheTest {
    private static final Document DOCUMENT = Document.newDocument().build();

    private final DocumentCache cache = new DocumentCache(
            FastPath.NONE,
            PageSizes.NONE,
            new DocumentLimits(
                    TestServer.settings("limits", LimitSettings.class, Map.of()),
                    new LimitMetrics(new SimpleMeterRegistry())));
    private final List<String> read = new ArrayList<>();

    @Test
    void documentIsParsedOnce() {
        PreparsedDocumentEntry first = ask("{ hello }", null, new PreparsedDocumentEntry(DOCUMENT));

        assertThat(ask("{ hello }", null, new PreparsedDocumentEntry(DOCUMENT))).isSameAs(first);
        assertThat(read).hasSize(1);
    }

    @Test
    void documentIsParsedAgainForAnotherOperationName() {
        String both = "query A { hello } query B { a: hello b: hello }";
        ask(both, "A", new PreparsedDocumentEntry(DOCUMENT));

        ask(both, "B", new PreparsedDocumentEntry(DOCUMENT));

        assertThat(read).hasSize(2);
    }

    @Test
    void rejectedDocumentIsNotCached() {
        var refused = new PreparsedDocumentEntry(
                GraphqlErrorBuilder.newError().message("no").build());
        ask("{ nonsense }", null, refused);

        ask("{ nonsense }", null, refused);

        assertThat(read).hasSize(2);
    }

    @Test
    void operationNameNotInDocumentIsNotCached() {
        Document document = Parser.parse("query A { hello }");
        for (int i = 0; i < 100; i++) {
            ask("query A { hello }", "B" + i + "x".repeat(10_000), new PreparsedDocumentEntry(document));
        }

        assertThat(read).hasSize(100);
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void operationNameInDocumentIsCached() {
        var entry = new PreparsedDocumentEntry(Parser.parse("query A { hello } query B { hello }"));
        ask("query A { hello } query B { hello }", "B", entry);

        assertThat(ask("query A { hello } query B { hello }", "B", entry)).isSameAs(entry);
        assertThat(read).hasSize(1);
    }

    @Test
    void entryWeighsItsTextNameAndDocument() {
        String name = "N".repeat(1_000);
        String query = "query " + name + " {" + " hello".repeat(100) + " }";
        ask(query, name, new PreparsedDocumentEntry(Parser.parse(query)));

        // The text twice and the name once, with two bytes per character, and a hundred fields.
        assertThat(cache.bytes()).isBetween(2 * 2 * 1_600L + 2 * 1_000 + 100 * 100, 40_000L);
    }

    @Test
    void entriesStayWithinTheirBoundInBytes() {
        for (int i = 0; i < 1_000; i++) {
            String query = "{ a" + i + ": hello" + " hello".repeat(190) + " }";
            ask(query, null, new PreparsedDocumentEntry(Parser.parse(query)));
        }

        assertThat(read).hasSize(1_000);
        assertThat(cache.bytes()).isBetween(DocumentCache.MAX_COUNT / 2L, (long) DocumentCache.MAX_COUNT);
    }

    private PreparsedDocumentEntry ask(String query, String operation, PreparsedDocumentEntry answer) {
        var input =
                ExecutionInput.newExecutionInput(query).operationName(operation).build();
        return cache.getDocumentAsync(input, asked -> {
                    read.add(asked.getQuery());
                    return answer;
                })
                .join();
    }
}
