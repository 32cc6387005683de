package chatql.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Ways to install the chart, from the least to everything that there is; each is rendered once. */
enum Installation {
    SPLIT,
    TOGETHER,
    BARE,
    EVERYTHING,
    STRIMZI,
    FOREIGN_STRIMZI;

    private static final Map<Installation, List<HasMetadata>> RENDERED = new ConcurrentHashMap<>();

    String text() {
        String file = "/installations/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".yaml";
        try (InputStream text = Objects.requireNonNull(Installation.class.getResourceAsStream(file), file)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    List<HasMetadata> manifests() {
        return RENDERED.computeIfAbsent(
                this,
                one -> Yaml.documents(Chart.render(one.text())).stream()
                        .map(ApiTypes::read)
                        .toList());
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
        return all(ConfigMap.class).findFirst().orElseThrow().getData();
    }
}
