package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The chart's README and metadata. */
class ReadmeTest {
    /** With this property set, the file is written instead of compared. */
    private static final String REWRITE = "rewrite-manifests";

    private static final Path README = Chart.DIRECTORY.resolve("README.md");

    private static final String HEAD = """
            # Chatql's chart
            %s

            ```sh
            helm install chatql oci://registry.example.com/charts/chatql --namespace chat --create-namespace --values my-values.yaml
            helm test chatql --namespace chat
            ```

            Two things have no default: the address of Kafka, `kafka.bootstrapServers` or `strimzi.enabled`, and the authentication
            of clients, `auth.mode`. How to install, upgrade and uninstall, and which values matter: docs/kubernetes.md in the
            sources.

            ## Values
            This table is generated from the comments in values.yaml; `helm show values` prints them. Unknown values are rejected.

            """;

    @Test
    void readmeHasTheCommentsOfTheValues() throws IOException {
        String made = HEAD.formatted(chart().path("description").asText()) + table().markdown();
        if (Boolean.getBoolean(REWRITE)) {
            Files.writeString(README, made);
        }

        assertThat(Files.readString(README))
                .as(
                        "k8s/chart/README.md is generated from values.yaml. Generate it again:"
                                + " ./mvnw test -pl k8s -Dtest=ReadmeTest -D%s=true",
                        REWRITE)
                .isEqualTo(made);
    }

    @Test
    void tableHasEveryValueWithItsDefault() throws IOException {
        assertThat(table().markdown().lines())
                .contains(
                        "| `layout` | `\"split\"` | `split`: edge pods, which serve clients and store nothing, and history pods,"
                                + " which store the timelines. `together`: every pod of the StatefulSet does both, configured"
                                + " by `history`; there are no edge pods. |",
                        "| `edge.autoscaling.maxReplicas` | `10` |  |",
                        "| `ingress.paths` | `[\"/graphql\"]` | Only paths for clients; never /peer, which is for"
                                + " requests between pods. Add /graphiql and /chat to serve GraphiQL. |",
                        "| `dashboard.labels` | `{\"grafana_dashboard\":\"1\"}` | The labels by which the sidecar finds it. |")
                .hasSizeGreaterThan(120)
                .doesNotHaveDuplicates();
    }

    @Test
    void chartNamesItsHomeSourcesMaintainersAndIcon() throws IOException {
        JsonNode chart = chart();
        String icon = chart.path("icon").asText();

        assertThat(List.of(chart.at("/home"), chart.at("/sources/0"), chart.at("/maintainers/0/name")))
                .allMatch(JsonNode::isTextual);
        assertThat(icon).startsWith("data:image/svg+xml;base64,");
        assertThat(Base64.getDecoder().decode(icon.substring(icon.indexOf(',') + 1)))
                .isEqualTo(Files.readAllBytes(
                        Chart.K8S.resolveSibling("gateway/src/main/resources/static/chat/icon.svg")));
    }

    private static ValuesTable table() throws IOException {
        String values = Files.readString(Chart.DIRECTORY.resolve("values.yaml"));
        return new ValuesTable(
                values, Yaml.read(values), Yaml.read(Files.readString(Chart.DIRECTORY.resolve("values.schema.json"))));
    }

    private static JsonNode chart() throws IOException {
        return Yaml.read(Files.readString(Chart.DIRECTORY.resolve("Chart.yaml")));
    }
}
