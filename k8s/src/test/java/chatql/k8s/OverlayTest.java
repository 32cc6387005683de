package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The objects of `kubectl apply -k`, for k8s/ and for an overlay with another Kafka. */
@NeedsHelm
@NeedsKubectl
class OverlayTest {
    private static final String OVERLAY = "overlays/own-kafka";

    @ParameterizedTest
    @ValueSource(strings = {".", OVERLAY})
    void overlayHasEveryManifestOfChart(String directory) throws Exception {
        assertThat(build(directory))
                .filteredOn(manifest -> !(manifest instanceof ConfigMap))
                .extracting(OverlayTest::name)
                .containsExactlyInAnyOrderElementsOf(Installation.SPLIT.manifests().stream()
                        .filter(manifest -> !(manifest instanceof ConfigMap))
                        .map(OverlayTest::name)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {".", OVERLAY})
    void podsReferenceSettingsByHashedName(String directory) throws Exception {
        List<HasMetadata> manifests = build(directory);
        ConfigMap settings = only(manifests, ConfigMap.class);

        assertThat(settings.getMetadata().getName()).startsWith("chatql-");
        assertThat(settings.getData())
                .containsOnlyKeys(Installation.SPLIT.settings().keySet());
        assertThat(manifests.stream().flatMap(Workload::of))
                .hasSize(2)
                .allSatisfy(workload -> assertThat(workload.container().getEnvFrom())
                        .singleElement()
                        .satisfies(from -> assertThat(from.getConfigMapRef().getName())
                                .isEqualTo(settings.getMetadata().getName())));
    }

    @Test
    void settingsWithoutOverlayEqualThoseOfChart() throws Exception {
        assertThat(only(build("."), ConfigMap.class).getData()).isEqualTo(Installation.SPLIT.settings());
    }

    @Test
    void overlayHasItsOwnKafkaImageAndPort() throws Exception {
        List<HasMetadata> manifests = build(OVERLAY);

        assertThat(only(manifests, ConfigMap.class).getData())
                .containsAllEntriesOf(Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS", "kafka-1.example.com:9093,kafka-2.example.com:9093",
                        "SPRING_KAFKA_SECURITY_PROTOCOL", "SSL",
                        "CHATQL_TOPICS_PARTITIONS", "12"));
        assertThat(manifests.stream().flatMap(Workload::of))
                .allSatisfy(workload ->
                        assertThat(workload.container().getImage()).startsWith("registry.example.com/chatql-gateway:"));
        assertThat(all(manifests, NetworkPolicy.class))
                .hasSize(2)
                .allSatisfy(policy -> assertThat(policy.getSpec().getEgress().stream()
                                .filter(rule -> rule.getTo().isEmpty())
                                .flatMap(rule -> rule.getPorts().stream())
                                .map(port -> port.getPort().getIntVal()))
                        .contains(53, 9093)
                        .doesNotContain(9092));
    }

    private static List<HasMetadata> build(String directory) throws IOException, InterruptedException {
        Path root = Chart.K8S.resolve(directory).normalize();
        Process kustomize = new ProcessBuilder("kubectl", "kustomize", root.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        String manifests = new String(kustomize.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kustomize.waitFor()).isZero();
        return Yaml.documents(manifests).stream().map(ApiTypes::read).toList();
    }

    private static String name(HasMetadata manifest) {
        return manifest.getKind() + "/" + manifest.getMetadata().getName();
    }

    private static <T extends HasMetadata> T only(List<HasMetadata> manifests, Class<T> type) {
        List<T> found = all(manifests, type).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static <T extends HasMetadata> Stream<T> all(List<HasMetadata> manifests, Class<T> type) {
        return manifests.stream().filter(type::isInstance).map(type::cast);
    }
}
