package chatql.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Example installations, from the minimum to all options; each is rendered once. */
enum Installation {
    SPLIT,
    TOGETHER,
    BARE,
    EVERYTHING,
    STRIMZI,
    FOREIGN_STRIMZI,
    OPENSHIFT,
    TRIAL {
        @Override
        String text() {
            return read(Chart.K8S.resolve("values-trial.yaml"))
                    + "kafka: {bootstrapServers: 'kafka:9092'}\nauth: {mode: none, allowAnonymous: true}\n";
        }
    };

    private static final Map<Installation, List<HasMetadata>> RENDERED = new ConcurrentHashMap<>();
    private static final Map<Installation, List<HasMetadata>> HOOKS = new ConcurrentHashMap<>();

    String text() {
        String file = "/installations/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".yaml";
        try (InputStream text = Objects.requireNonNull(Installation.class.getResourceAsStream(file), file)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    List<HasMetadata> manifests() {
        return RENDERED.computeIfAbsent(this, one -> read(Chart.render(one.text())));
    }

    /** The objects that exist only while `helm test` runs. */
    List<HasMetadata> hooks() {
        return HOOKS.computeIfAbsent(this, one -> read(Chart.renderHooks(one.text())));
    }

    private static List<HasMetadata> read(String manifests) {
        return Yaml.documents(manifests).stream().map(ApiTypes::read).toList();
    }

    <T extends HasMetadata> Stream<T> all(Class<T> type) {
        return manifests().stream().filter(type::isInstance).map(type::cast);
    }

    List<Workload> workloads() {
        return manifests().stream().flatMap(Workload::of).toList();
    }

    /** The pods that have all of the labels. */
    List<Workload> workloads(Map<String, String> labels) {
        return workloads().stream().filter(workload -> workload.has(labels)).toList();
    }

    Map<String, String> settings() {
        return settingsMap().getData();
    }

    ConfigMap settingsMap() {
        return all(ConfigMap.class)
                .filter(map -> map.getData().containsKey("KAFKA_BOOTSTRAP_SERVERS"))
                .findFirst()
                .orElseThrow();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
