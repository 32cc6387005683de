package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chat page's modules: their allowed dependencies, and the files that a browser must find. */
class PageModulesTest {
    private static final Path PAGE = Path.of("src/main/resources/static/chat");
    private static final Path BUILT = Path.of("target/classes/static");

    /** Each layer may use itself and those before it. */
    private static final List<String> LAYERS = List.of("api", "state", "auth", "view");

    private static final Pattern IMPORT = Pattern.compile("(?m)^(?:import|export)\\b[^\"]*?\"([^\"]+)\";");
    private static final Pattern MAPPED = Pattern.compile("\"([^\"]+)\": \"\\./([^\"]+)\"");

    @Test
    void modulesImportFromEarlierLayersOnly() throws IOException {
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            List<String> behind = LAYERS.subList(layer + 1, LAYERS.size());
            try (Stream<Path> modules = Files.list(PAGE.resolve(LAYERS.get(layer)))) {
                assertThat(modules.toList())
                        .isNotEmpty()
                        .allSatisfy(module -> assertThat(imports(module))
                                .noneMatch(name ->
                                        behind.stream().anyMatch(other -> name.startsWith("../" + other + "/"))));
            }
        }
    }

    @Test
    void importMapEntriesExistInBuild() throws IOException {
        List<MatchResult> mapped = MAPPED.matcher(Files.readString(PAGE.resolve("index.html")))
                .results()
                .toList();

        assertThat(mapped)
                .hasSizeGreaterThan(3)
                .allSatisfy(entry -> assertThat(BUILT.resolve(entry.group(2))).exists());
    }

    /** Lit keeps text from becoming markup, as long as no module bypasses it. */
    @Test
    void modulesNeverBuildMarkupFromText() throws IOException {
        try (Stream<Path> modules = Files.walk(PAGE)) {
            assertThat(modules.filter(module -> module.toString().endsWith(".js"))
                            .toList())
                    .hasSizeGreaterThan(20)
                    .allSatisfy(
                            module -> assertThat(text(module))
                                    .doesNotContainPattern(
                                            "innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|document\\.write|eval\\("));
        }
    }

    private static List<String> imports(Path module) {
        return IMPORT.matcher(text(module))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String text(Path module) {
        try {
            return Files.readString(module);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
