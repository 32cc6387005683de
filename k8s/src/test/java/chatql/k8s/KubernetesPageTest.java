package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chart accepts the examples of docs/kubernetes.md. */
@NeedsHelm
class KubernetesPageTest {
    private static final Pattern VALUES = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Pattern NAMED = Pattern.compile("\\| `([^|]+)` \\|");
    private static final String NEEDED =
            "kafka: {bootstrapServers: 'kafka:9092'}\nauth: {mode: none, allowAnonymous: true}\n";

    @Test
    void everyExampleCanBeRendered() throws IOException {
        List<String> examples = VALUES.matcher(page())
                .results()
                .map(example -> example.group(1))
                .map(values -> values.contains("kafka:") ? values : values + NEEDED)
                .toList();

        assertThat(examples)
                .hasSize(2)
                .allSatisfy(values ->
                        assertThat(Yaml.documents(Chart.render(values))).hasSizeGreaterThan(8));
        assertThat(Chart.render(examples.getLast()))
                .contains("value: \"-Djavax.net.ssl.trustStore=/etc/issuer-ca/ca.p12", "mountPath: /etc/issuer-ca");
    }

    @Test
    void everyValueInTableIsInChartReadme() throws IOException {
        String page = page();
        String table =
                page.substring(page.indexOf("## The values that matter"), page.indexOf("**Kafka with a login.**"));
        String readme = Files.readString(Chart.DIRECTORY.resolve("README.md"));

        List<String> named = NAMED.matcher(table)
                .results()
                .map(row -> row.group(1))
                .map(cell -> cell.replaceAll("[`,].*", ""))
                .toList();

        assertThat(named).hasSizeGreaterThan(12).allMatch(name -> readme.contains("`" + name));
    }

    private static String page() throws IOException {
        return Files.readString(Chart.K8S.resolveSibling("docs").resolve("kubernetes.md"));
    }
}
