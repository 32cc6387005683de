package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document that names a test as its witness names one that is there. */
class DocumentsTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern WITNESS = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:#(\\w+))?`");

    @ParameterizedTest
    @ValueSource(strings = {"PROTOCOL.md", "SECURITY.md", "docs/topic.md"})
    void everyTestThatItNamesIsThere(String document) throws IOException {
        Map<String, String> tests = tests();

        List<MatchResult> witnesses = WITNESS.matcher(Files.readString(TOP.resolve(document)))
                .results()
                .toList();

        assertThat(witnesses).hasSizeGreaterThan(10).allSatisfy(witness -> {
            assertThat(tests).containsKey(witness.group(1));
            if (witness.group(2) != null) {
                assertThat(tests.get(witness.group(1))).contains(" " + witness.group(2) + "(");
            }
        });
    }

    /** By name, what is in each. */
    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> gateway = Files.walk(TOP.resolve("gateway/src/test/java"));
                Stream<Path> k8s = Files.walk(TOP.resolve("k8s/src/test/java"))) {
            return Stream.concat(gateway, k8s)
                    .filter(file -> file.toString().endsWith("Test.java")
                            || file.toString().endsWith("IT.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            DocumentsTest::text,
                            String::concat));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
