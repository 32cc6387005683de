package chatql.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.yaml.snakeyaml.Yaml;

/**
 * Every environment variable in the Compose file and the Dockerfile is read: an unread one would have no effect and
 * cause no error.
 */
class EnvironmentTest {
    /** Variables that libraries in the process read. */
    private static final List<String> OTHERS = List.of("ROCKSDB_SHAREDLIB_DIR");

    private static final TreeSet<String> read = new TreeSet<>(OTHERS);

    @BeforeAll
    static void readKnownVariables() throws IOException {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        scanner.findCandidateComponents("chatql").stream()
                .map(found -> ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null))
                .flatMap(settings -> names(
                        settings.getAnnotation(ConfigurationProperties.class).value(), settings))
                .forEach(read::add);
        try (InputStream application = EnvironmentTest.class.getResourceAsStream("/application.yaml")) {
            matches("\\$\\{([A-Z_]+)", new String(application.readAllBytes())).forEach(read::add);
        }
    }

    @Test
    void gatewayReadsEveryVariableInComposeFile() throws IOException {
        Map<String, Map<String, Map<String, Map<String, Object>>>> compose =
                new Yaml().load(Files.readString(Path.of("../docker-compose.yml")));

        var named = compose.get("services").entrySet().stream()
                .filter(service -> service.getKey().startsWith("gateway"))
                .flatMap(service -> service.getValue().get("environment").keySet().stream())
                .collect(Collectors.toSet());

        assertThat(named).contains("KAFKA_BOOTSTRAP_SERVERS").isSubsetOf(read);
    }

    @Test
    void gatewayReadsEveryVariableInDockerfile() throws IOException {
        var dockerfile = Files.readString(Path.of("Dockerfile"));

        var named = matches("(?m)^ENV (.*)$", dockerfile)
                .flatMap(line -> matches("(\\w+)=", line))
                .toList();

        assertThat(named).contains("CHATQL_DATA_DIR").isSubsetOf(read);
    }

    private static Stream<String> names(String prefix, Class<?> settings) {
        return Stream.of(settings.getRecordComponents()).flatMap(setting -> names(prefix, setting));
    }

    private static Stream<String> names(String prefix, RecordComponent setting) {
        String name = prefix + "." + setting.getName().replaceAll("([A-Z])", "-$1");
        return setting.getType().isRecord()
                ? names(name, setting.getType())
                : Stream.of(name.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT));
    }

    private static Stream<String> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
