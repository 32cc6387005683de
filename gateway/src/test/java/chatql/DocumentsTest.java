package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document that names a test, a package or a class names one that exists. */
class DocumentsTest {
    private static final Path TOP = Path.of("..");
    private static final Path SOURCES = Path.of("src/main/java/chatql");
    private static final Path ARCHITECTURE = TOP.resolve("docs/architecture.md");
    private static final Pattern CLASS = Pattern.compile("`((?:[a-z]+\\.)*[A-Z]\\w*)`");
    private static final Pattern WITNESS = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:#(\\w+))?`");

    @ParameterizedTest
    @ValueSource(strings = {"PROTOCOL.md", "SECURITY.md", "docs/topic.md"})
    void everyTestNamedInDocumentExists(String document) throws IOException {
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

    @Test
    void architectureNamesEveryPackage() throws IOException {
        String architecture = Files.readString(ARCHITECTURE);

        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.filter(file -> file.endsWith("package-info.java"))
                            .map(file -> SOURCES.relativize(file.getParent())
                                    .toString()
                                    .replace(File.separatorChar, '.'))
                            .filter(name -> !name.isEmpty()))
                    .hasSizeGreaterThan(30)
                    .allSatisfy(name -> assertThat(architecture).contains('`' + name + '`'));
        }
    }

    @Test
    void architectureNamesClassesThatExist() throws IOException {
        List<String> walks = List.of(Files.readString(ARCHITECTURE).split("\n## A "));

        assertThat(walks).hasSize(4);
        assertThat(walks.subList(1, 4))
                .allSatisfy(walk -> assertThat(CLASS.matcher(walk).results().map(named -> named.group(1)))
                        .hasSizeBetween(5, 10)
                        .allSatisfy(name -> assertThat(SOURCES.resolve(name.replace('.', '/') + ".java"))
                                .exists()));
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
