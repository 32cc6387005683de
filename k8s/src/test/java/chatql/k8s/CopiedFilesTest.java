package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Helm reads only files of the chart, so it has copies of the alerts and the dashboard of observe/. */
@NeedsHelm
class CopiedFilesTest {
    /** With this property set, the files are copied instead of compared. */
    private static final String REWRITE = "rewrite-manifests";

    private static final Path OBSERVE = Chart.K8S.resolveSibling("observe");
    private static final Map<String, Path> ORIGINALS = Map.of(
            "alerts.yml", OBSERVE.resolve("prometheus/alerts.yml"),
            "dashboard.json", OBSERVE.resolve("grafana/dashboards/chatql.json"));

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yml", "dashboard.json"})
    void copiedFileEqualsOriginal(String name) throws IOException {
        Path copy = Chart.DIRECTORY.resolve("files").resolve(name);
        String original = Files.readString(ORIGINALS.get(name));
        if (Boolean.getBoolean(REWRITE)) {
            Files.writeString(copy, original);
        }

        assertThat(Files.readString(copy))
                .as(
                        "k8s/chart/files is copied from observe/. Copy it again:"
                                + " ./mvnw test -pl k8s -Dtest=CopiedFilesTest -D%s=true",
                        REWRITE)
                .isEqualTo(original);
    }

    @Test
    void prometheusRuleHasEveryAlertWithItsText() throws IOException {
        JsonNode alerts = Yaml.read(Files.readString(ORIGINALS.get("alerts.yml")))
                .path("groups")
                .path(0)
                .path("rules");
        PrometheusRule rule =
                Installation.EVERYTHING.all(PrometheusRule.class).findFirst().orElseThrow();

        assertThat(rule.getMetadata().getLabels()).containsEntry("release", "prometheus");
        assertThat(rule.getSpec().getGroups())
                .singleElement()
                .satisfies(group -> assertThat(group.getRules())
                        .hasSizeGreaterThan(10)
                        .extracting(
                                Rule::getAlert, each -> each.getAnnotations().get("summary"))
                        .isEqualTo(summaries(alerts)));
    }

    @Test
    void dashboardHasLabelOfGrafanaSidecar() throws IOException {
        String original = Files.readString(ORIGINALS.get("dashboard.json"));

        assertThat(Installation.EVERYTHING.all(ConfigMap.class))
                .filteredOn(map -> map.getMetadata().getLabels().containsKey("grafana_dashboard"))
                .singleElement()
                .satisfies(map -> {
                    assertThat(map.getMetadata().getAnnotations()).containsEntry("grafana_folder", "Chat");
                    assertThat(map.getData()).hasSize(1).allSatisfy((file, text) -> {
                        assertThat(file).endsWith(".json");
                        assertThat(text).isEqualTo(original.strip());
                    });
                });
    }

    private static List<Tuple> summaries(JsonNode alerts) {
        return StreamSupport.stream(alerts.spliterator(), false)
                .map(alert -> tuple(
                        alert.path("alert").asText(),
                        alert.path("annotations").path("summary").asText()))
                .toList();
    }
}
