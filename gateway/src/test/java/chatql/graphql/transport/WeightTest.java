package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.parser.Parser;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightTest {

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
            })
    void isOfDepthAndFields(String document, int depth, long complexity) {
        Weight weight = new Weight(Parser.parse(document), null);

        assertThat(weight.depth()).isEqualTo(depth);
        assertThat(weight.complexity()).isEqualTo(complexity);
    }

    @Test
    void onlyTheOperationThatIsMeantCounts() {
        Weight weight = new Weight(Parser.parse("query A { a } query B { a b c { d } }"), "A");

        assertThat(weight.depth()).isEqualTo(1);
        assertThat(weight.complexity()).isEqualTo(10);
    }

    @Test
    @Timeout(5)
    void fragmentsThatWouldUnfoldWithoutEndAreLookedAtOnce() {
        String bomb = "{ ...F0 } "
                + IntStream.range(0, 60)
                        .mapToObj(i -> "fragment F%d on Query { a ...F%d ...F%d } ".formatted(i, i + 1, i + 1))
                        .collect(Collectors.joining());

        assertThat(new Weight(Parser.parse(bomb), null).complexity()).isGreaterThan(1_000_000_000L);
    }
}
