package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.ExecutionInput;
import graphql.GraphqlErrorBuilder;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentCacheTest {
    private static final Document DOCUMENT = Document.newDocument().build();

    private final DocumentCache cache = new DocumentCache(Shortcut.NONE);
    private final List<String> read = new ArrayList<>();

    @Test
    void aDocumentIsReadOnce() {
        PreparsedDocumentEntry first = ask("{ hello }", null, new PreparsedDocumentEntry(DOCUMENT));

        assertThat(ask("{ hello }", null, new PreparsedDocumentEntry(DOCUMENT))).isSameAs(first);
        assertThat(read).hasSize(1);
    }

    @Test
    void itIsReadAgainForAnotherOperationOfIt() {
        String both = "query A { hello } query B { a: hello b: hello }";
        ask(both, "A", new PreparsedDocumentEntry(DOCUMENT));

        ask(both, "B", new PreparsedDocumentEntry(DOCUMENT));

        assertThat(read).hasSize(2);
    }

    @Test
    void whatWasRefusedIsReadEachTime() {
        var refused = new PreparsedDocumentEntry(
                GraphqlErrorBuilder.newError().message("no").build());
        ask("{ nonsense }", null, refused);

        ask("{ nonsense }", null, refused);

        assertThat(read).hasSize(2);
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
