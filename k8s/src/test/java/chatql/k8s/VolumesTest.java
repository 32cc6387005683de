package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The volumes of a StatefulSet cannot change: an upgrade that would change them is rejected before it has done
 * anything.
 */
@NeedsHelm
class VolumesTest {
    private static final String HISTORY = "statefulsets/chatql-history";
    private static final String TEN = Installation.SPLIT.text() + "drainSeconds: 20\n";
    private static final String OTHERWISE = Installation.SPLIT.text() + "drainSeconds: 30\nhistory: {storage: {%s}}\n";

    @TempDir
    private Path directory;

    private ApiServer server;
    private Release release;

    @BeforeEach
    void install() throws IOException {
        server = new ApiServer();
        release = new Release(server, directory);
        release.install(TEN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"size: 20Gi", "size: 10G", "className: fast"})
    void upgradeToOtherVolumesIsRejectedBeforeAnyChange(String storage) {
        assertThatThrownBy(() -> release.upgrade(OTHERWISE.formatted(storage)))
                .hasMessageContaining("which no upgrade can change in Kubernetes");

        assertThat(server.object("deployments/chatql-edge").orElseThrow().toString())
                .contains("\"20s\"")
                .doesNotContain("\"30s\"");
    }

    /** Sizes as the server writes them. */
    @ParameterizedTest
    @CsvSource({"10240Mi, 10Gi", "1.5Gi, 1536Mi", "1.2Gi, 1288490188800m", "10Gi, 10Gi"})
    void sameSizeInOtherUnitsIsAccepted(String configured, String written) throws IOException {
        server.change(HISTORY, history -> ((ObjectNode) storage(history)).put("storage", written));

        release.upgrade(OTHERWISE.formatted("size: " + configured));

        assertThat(server.object("deployments/chatql-edge").orElseThrow().toString())
                .contains("\"30s\"");
    }

    @Test
    void upgradeSucceedsOnceStatefulSetIsDeleted() throws IOException {
        server.delete(HISTORY);

        release.upgrade(OTHERWISE.formatted("size: 20Gi"));

        assertThat(storage(server.object(HISTORY).orElseThrow()).path("storage").asText())
                .isEqualTo("20Gi");
    }

    private static JsonNode storage(JsonNode history) {
        return history.at("/spec/volumeClaimTemplates/0/spec/resources/requests");
    }
}
