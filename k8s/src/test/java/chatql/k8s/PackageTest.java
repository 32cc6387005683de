package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The published package, k8s/target/chatql-<version>.tgz, which `./mvnw test -pl k8s` builds. */
@NeedsHelm
class PackageTest {
    private static final Path TARGET = Chart.K8S.resolve("target");
    private static final Path ARCHIVE = TARGET.resolve("chatql-" + System.getProperty("project.version") + ".tgz");

    @Test
    void packagedChartRendersLikeItsDirectory() throws IOException {
        Files.deleteIfExists(ARCHIVE);

        new Helm(Chart.DIRECTORY).packageIt().withDestination(TARGET).call();

        assertThat(Chart.render(ARCHIVE, "chatql", Installation.EVERYTHING.text()))
                .isEqualTo(Chart.render(Installation.EVERYTHING.text()));
        assertThat(new Helm(ARCHIVE).show().readme().call())
                .startsWith(Files.readString(Chart.DIRECTORY.resolve("README.md")));
    }
}
