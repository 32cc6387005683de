package chatql.graphql.transport.execution;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.request.Json;
import graphql.parser.Parser;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentComplexityTest {
    private static final PageSizes PAGES = new PageSizes(Map.of("messages", 500, "users", 100), 1_000);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ hello } | 1 | 10",
                "{ a: hello b: hello } | 1 | 20",
                "{ messages { messages { id content } } } | 3 | 13",
                "{ ... { ... { hello } } } | 1 | 10",
                "{ ...F } fragment F on Query { hello } | 1 | 10",
                "{ a { ...F } b { ...F } } fragment F on T { x y } | 2 | 24",
                "{ ...F ...F } fragment F on Query { hello } | 1 | 20",
                "{ ...F } fragment F on Query { a ...F } | 1 | 10",
                "{ ...Missing } | 0 | 0",
                "{ __schema { types { fields { type { name } } } } } | 1 | 10",
                "query A { a } query B { a b } | 1 | 20",
                "{ a { x: b y: b } } | 2 | 30",
                "{ a { b b } } | 2 | 12",
                "{ a { x: b { c d } } } | 3 | 22",
                "{ a { ...F } } fragment F on T { x: b } | 2 | 20",
            })
    void weightHasDepthAndComplexity(String document, int depth, long complexity) {
        DocumentComplexity documentComplexity = new DocumentComplexity(Parser.parse(document), null, PAGES);

        assertThat(documentComplexity.depth()).isEqualTo(depth);
        assertThat(documentComplexity.complexity()).isEqualTo(complexity);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ hello } | {} | 0",
                "{ messages { messages { id } } } | {} | 500",
                "{ messages(first: null) { messages { id } } } | {} | 500",
                "{ users { users { userId } } } | {} | 100",
                "{ messages(last: 1000) { messages { id content senderId recipientId cursor sentAt __typename }"
                        + " pageInfo { endCursor } success errors } } | {} | 1000",
                "{ messages(first: 3) { success } users(first: 4) { success } } | {} | 7",
                "{ a: messages(last: 1000) { success } b: messages(last: 1000) { success } } | {} | 2000",
                "query($n: Int) { messages(last: $n) { success } } | {'n': 7} | 7",
                "query($n: Int) { messages(last: $n) { success } } | {'n': null} | 500",
                "query($n: Int) { messages(last: $n) { success } } | {} | 500",
                "query($n: Int = 20) { messages(last: $n) { success } } | {} | 20",
                "query($n: Int = 20) { messages(last: $n) { success } } | {'n': 30} | 30",
                "query($n: Int) { messages(last: $n) { success } } | {'n': 'x'} | 1",
                "query($n: Int) { messages(last: $n) { success } } | {'n': 123456789012345678901234567890} | 1",
                "{ messages(last: 1001) { success } } | {} | 1",
                "{ messages(last: -5) { success } } | {} | 1",
                "{ messages(first: 10) { messages { a: content b: content } } } | {} | 30",
                "{ messages(first: 10) { a: messages { b: content } } } | {} | 30",
                "{ messages(first: 10) { ...F } } fragment F on messagesResult { a: messages { content } } | {} | 20",
                "{ ...F } fragment F on Query { a: messages(first: 10) { success } messages(first: 5) { success } }"
                        + " | {} | 15",
                "subscription { messages { content } } | {} | 0",
                "mutation { messages { content } } | {} | 0",
            })
    void pagesCountTheirRequestedEntries(String document, String variables, long entries) {
        Map<String, Object> given = new Json()
                .readObject(
                        variables.replace('\'', '"').getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8, "These");

        assertThat(new DocumentComplexity(Parser.parse(document), null, PAGES)
                        .pages()
                        .entries(given))
                .isEqualTo(entries);
    }

    @Test
    @Timeout(5)
    void pagesInFragmentBombAreVisitedOnce() {
        String bomb = "{ ...F0 } "
                + IntStream.range(0, 60)
                        .mapToObj(i -> "fragment F%d on Query { a%d: messages { success } ...F%d ...F%d } "
                                .formatted(i, i, i + 1, i + 1))
                        .collect(Collectors.joining());

        assertThat(new DocumentComplexity(Parser.parse(bomb), null, PAGES)
                        .pages()
                        .entries(Map.of()))
                .isGreaterThan(1_000_000_000L);
    }

    @Test
    void selectedOperationAloneIsWeighed() {
        DocumentComplexity documentComplexity =
                new DocumentComplexity(Parser.parse("query A { a } query B { a b c { d } }"), "A", PAGES);

        assertThat(documentComplexity.depth()).isEqualTo(1);
        assertThat(documentComplexity.complexity()).isEqualTo(10);
    }

    @Test
    @Timeout(5)
    void fragmentBombIsVisitedOnce() {
        String bomb = "{ ...F0 } "
                + IntStream.range(0, 60)
                        .mapToObj(i -> "fragment F%d on Query { a ...F%d ...F%d } ".formatted(i, i + 1, i + 1))
                        .collect(Collectors.joining());

        assertThat(new DocumentComplexity(Parser.parse(bomb), null, PAGES).complexity())
                .isGreaterThan(1_000_000_000L);
    }
}
