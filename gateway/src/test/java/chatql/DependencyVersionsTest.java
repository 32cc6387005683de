package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** CONTRIBUTING.md has each version that a pom sets, with the reason. */
class DependencyVersionsTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern PROPERTY = Pattern.compile("<([a-z0-9.-]+\\.version)>([^<$]+)</\\1>");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z0-9.-]+\\.version)` \\| (\\S+) \\| [^|]*\\w[^|]* \\|$");

    @Test
    void contributingNamesEveryVersionThatPomSets() throws IOException {
        Map<String, String> set = new TreeMap<>();
        for (String pom : new String[] {"pom.xml", "bench/pom.xml", "k8s/pom.xml"}) {
            set.putAll(matches(PROPERTY, pom));
        }

        assertThat(set).hasSizeGreaterThan(20);
        assertThat(matches(ROW, "CONTRIBUTING.md")).isEqualTo(set);
    }

    private static Map<String, String> matches(Pattern pattern, String file) throws IOException {
        return pattern.matcher(Files.readString(TOP.resolve(file)))
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1), found -> found.group(2), (first, second) -> second, TreeMap::new));
    }
}
