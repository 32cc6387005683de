package chatql.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The chart, as Helm renders and judges it. */
final class Chart {
    /** Surefire starts in the module's own directory. */
    static final Path K8S = Path.of("").toAbsolutePath();

    static final Path DIRECTORY = K8S.resolve("chart");

    /** The oldest that the chart names. Helm without a cluster would believe in one of 2020. */
    private static final String KUBERNETES = "1.30.0";

    private Chart() {}

    /**
     * What `helm template chatql` prints with these values.
     *
     * @throws IllegalStateException with Helm's own words when they are refused
     */
    static synchronized String render(String values) {
        Path file = write(values);
        try {
            return new Helm(DIRECTORY)
                    .template()
                    .withName("chatql")
                    .withNamespace("chat")
                    .withKubeVersion(KUBERNETES)
                    .withValuesFile(file)
                    .call();
        } finally {
            delete(file);
        }
    }

    /** Helm's library lints with the chart's own values only, so these become the chart's own, in a copy of it. */
    static synchronized LintResult lint(String values) {
        Path copy = copy();
        try {
            Path own = copy.resolve("values.yaml");
            JsonNode merged = merge((ObjectNode) Yaml.read(Files.readString(own)), Yaml.read(values));
            Files.writeString(own, Yaml.write(merged));
            return new Helm(copy).lint().strict().call();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            delete(copy);
        }
    }

    private static JsonNode merge(ObjectNode below, JsonNode above) {
        above.properties().forEach(entry -> {
            JsonNode own = below.path(entry.getKey());
            boolean both = own.isObject() && entry.getValue().isObject();
            below.set(entry.getKey(), both ? merge((ObjectNode) own, entry.getValue()) : entry.getValue());
        });
        return below;
    }

    private static Path write(String values) {
        try {
            return Files.writeString(Files.createTempFile("values", ".yaml"), values);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path copy() {
        try {
            Path copy = Files.createTempDirectory("chart");
            try (var files = Files.walk(DIRECTORY)) {
                for (Path file : files.filter(file -> !file.equals(DIRECTORY)).toList()) {
                    Files.copy(file, copy.resolve(DIRECTORY.relativize(file)));
                }
            }
            return copy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path path) {
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
