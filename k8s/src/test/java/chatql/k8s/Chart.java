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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The chart, rendered and linted by Helm. */
final class Chart {
    /** Surefire runs in the module's own directory. */
    static final Path K8S = Path.of("").toAbsolutePath();

    static final Path DIRECTORY = K8S.resolve("chart");

    /** The oldest version that the chart supports. Without a cluster, Helm would assume a version of 2020. */
    private static final String KUBERNETES = "1.30.0";

    private static final String HOOK = "helm.sh/hook";

    static final String SHOWN_HOOK = "example.com/hook";

    private Chart() {}

    /**
     * Returns the output of `helm template chatql` with these values.
     *
     * @throws IllegalStateException with Helm's own message when they are rejected
     */
    static String render(String values) {
        return render("chatql", values);
    }

    /** Renders with another release name. */
    static String render(String release, String values) {
        return render(DIRECTORY, release, values);
    }

    /** Renders hooks, too: Helm's library omits them, so they become ordinary manifests in a copy of the chart. */
    static String renderHooks(String values) {
        Path copy = copy();
        try (var hooks = Files.list(copy.resolve("templates/tests"))) {
            for (Path hook : hooks.toList()) {
                Files.writeString(hook, Files.readString(hook).replace(HOOK, SHOWN_HOOK));
            }
            return Stream.of(render(copy, "chatql", values).split("(?m)^---\n"))
                    .filter(manifest -> manifest.contains(SHOWN_HOOK))
                    .collect(Collectors.joining("---\n"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            delete(copy);
        }
    }

    /** Renders a chart in another directory or a package. */
    static synchronized String render(Path chart, String release, String values) {
        Path file = write(values);
        try {
            return new Helm(chart)
                    .template()
                    .withName(release)
                    .withNamespace("chat")
                    .withKubeVersion(KUBERNETES)
                    .withValuesFile(file)
                    .call();
        } finally {
            delete(file);
        }
    }

    /**
     * Lints with these values: Helm's library uses only the chart's own, so they replace those in a copy of the chart.
     */
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
