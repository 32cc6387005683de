package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** `kubectl apply -k k8s/` installs what the chart does with values.example.yaml. */
@NeedsHelm
class KustomizationTest {
    /** With this property set, the files are written instead of compared. */
    private static final String REWRITE = "rewrite-manifests";

    @Test
    void manifestsEqualRenderedChart() {
        if (Boolean.getBoolean(REWRITE)) {
            Kustomization.rewrite();
        }

        assertThat(Kustomization.kept())
                .as("k8s/manifests is generated from the chart. Generate it again, and check the changes:"
                        + " ./mvnw test -pl k8s -Dtest=KustomizationTest -D" + REWRITE + "=true")
                .isEqualTo(Kustomization.rendered());
    }

    @Test
    void everyManifestIsListed() throws IOException {
        JsonNode kustomization = kustomization();

        List<String> listed = StreamSupport.stream(
                        kustomization.path("resources").spliterator(), false)
                .map(JsonNode::asText)
                .toList();

        assertThat(listed)
                .containsExactlyElementsOf(Kustomization.rendered().keySet().stream()
                        .filter(file -> file.endsWith(".yaml"))
                        .map(file -> file.substring("manifests/".length()))
                        .toList());
    }

    @Test
    void settingsBecomeConfigMapReferencedByPods() throws IOException {
        JsonNode generator = kustomization().path("configMapGenerator").path(0);

        assertThat(generator.path("envs").path(0).asText()).isEqualTo("settings.env");
        assertThat(Installation.SPLIT.workloads())
                .isNotEmpty()
                .allMatch(workload -> workload.container()
                        .getEnvFrom()
                        .getFirst()
                        .getConfigMapRef()
                        .getName()
                        .equals(generator.path("name").asText()));
    }

    private static JsonNode kustomization() throws IOException {
        return Yaml.read(Files.readString(Chart.K8S.resolve("manifests/kustomization.yaml")));
    }
}
