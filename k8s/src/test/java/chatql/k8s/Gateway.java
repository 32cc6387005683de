package chatql.k8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The environment variables that the gateway reads: by docs/settings.md, and by Spring Boot's own metadata. */
final class Gateway {
    /** A row of one of the tables: property, environment, default. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `[^`]+` \\| `([A-Z0-9_]+)` \\| ([^|]+) \\|");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> DOCUMENTED = documented();
    private static final Set<String> SPRING = spring();

    private Gateway() {}

    static boolean reads(String name) {
        return DOCUMENTED.containsKey(name) || SPRING.contains(name) || isOfAMap(name);
    }

    static boolean documents(String name) {
        return DOCUMENTED.containsKey(name);
    }

    static Optional<String> byDefault(String name) {
        return Optional.ofNullable(DOCUMENTED.get(name));
    }

    /** A prefix of Kafka's own names. */
    private static boolean isOfAMap(String name) {
        return name.startsWith("SPRING_KAFKA_PROPERTIES_");
    }

    private static Map<String, String> documented() {
        try {
            String page = Files.readString(Chart.K8S.resolveSibling("docs").resolve("settings.md"));
            return ROW.matcher(page)
                    .results()
                    .collect(Collectors.toMap(
                            (MatchResult row) -> row.group(1),
                            row -> row.group(2).replace("`", "").strip()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Set<String> spring() {
        try {
            List<URL> files = Collections.list(
                    Gateway.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"));
            Set<String> names = new HashSet<>();
            for (URL file : files) {
                try (InputStream text = file.openStream()) {
                    JSON.readTree(text)
                            .path("properties")
                            .forEach(property ->
                                    names.add(environment(property.path("name").asText())));
                }
            }
            return names;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String environment(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
