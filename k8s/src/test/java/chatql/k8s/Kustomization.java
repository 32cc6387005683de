package chatql.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The chart, rendered with values.example.yaml, as files for `kubectl apply -k`: a manifest for each template, and the
 * settings as lines, because Kustomize generates the ConfigMap from them and names it by its content. It does not need
 * the checksum by which the chart restarts pods.
 */
final class Kustomization {
    private static final Path EXAMPLE = Chart.K8S.resolve("values.example.yaml");
    private static final String SETTINGS = "settings.yaml";
    private static final Pattern SOURCE = Pattern.compile("(?m)^# Source: chatql/templates/(.+)\n");
    private static final Pattern CHECKSUM = Pattern.compile("(?m)^ +annotations:\n +checksum/settings: .+\n");
    private static final String LIST = "manifests/kustomization.yaml";
    private static final String HEAD = "# The chart's settings as lines, which an overlay merges its own over.\n";

    private Kustomization() {}

    /** The files that the chart produces, by their path below k8s. */
    static Map<String, String> rendered() {
        Map<String, String> templates = templates();
        var files = new TreeMap<String, String>();
        templates.forEach((template, text) -> {
            if (!template.equals(SETTINGS)) {
                files.put("manifests/" + template, CHECKSUM.matcher(text).replaceAll(""));
            }
        });
        files.put("manifests/settings.env", HEAD + lines(templates.get(SETTINGS)));
        return files;
    }

    /** The existing files, by the same path. */
    static Map<String, String> kept() {
        try (Stream<Path> manifests = Files.list(Chart.K8S.resolve("manifests"))) {
            return manifests
                    .filter(file -> !file.endsWith(LIST))
                    .collect(Collectors.toMap(
                            file -> Chart.K8S.relativize(file).toString().replace('\\', '/'), Kustomization::read));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void rewrite() {
        Map<String, String> rendered = rendered();
        try {
            for (String old : kept().keySet()) {
                Files.delete(Chart.K8S.resolve(old));
            }
            for (Map.Entry<String, String> file : rendered.entrySet()) {
                Files.writeString(Chart.K8S.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, String> templates() {
        return Stream.of(Chart.render(read(EXAMPLE)).split("(?m)^---\n"))
                .filter(document -> !document.isBlank())
                .collect(Collectors.toMap(
                        Kustomization::template,
                        document -> SOURCE.matcher(document).replaceFirst("").strip() + "\n",
                        (first, next) -> first + "---\n" + next));
    }

    private static String template(String document) {
        return SOURCE.matcher(document)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String lines(String settings) {
        return Yaml.read(settings).path("data").properties().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue().asText() + "\n")
                .collect(Collectors.joining());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
