package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number of edge pods while Helm installs and upgrades and an autoscaler changes it. */
@NeedsHelm
class ReplicasTest {
    private static final String EDGE = "deployments/chatql-edge";
    private static final String SCALED = Installation.SPLIT.text() + "edge: {autoscaling: {minReplicas: 3}}\n";

    @TempDir
    private Path directory;

    private ApiServer server;
    private Release release;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServer();
        release = new Release(server, directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void firstInstallStartsMinimumReplicas() throws IOException {
        release.install(SCALED);

        assertThat(replicas()).isEqualTo(3);
        assertThat(server.object("horizontalpodautoscalers/chatql-edge")
                        .orElseThrow()
                        .at("/spec/minReplicas")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void upgradeKeepsReplicasOfAutoscaler() throws IOException {
        release.install(SCALED);
        scale(7);

        release.upgrade(SCALED + "drainSeconds: 25\n");

        assertThat(replicas()).isEqualTo(7);
        assertThat(server.object(EDGE).orElseThrow().toString()).contains("\"25s\"");
    }

    @Test
    void upgradeFromTogetherToSplitStartsMinimumReplicas() throws IOException {
        release.install(SCALED + "layout: together\n");
        assertThat(server.object(EDGE)).isEmpty();

        release.upgrade(SCALED);

        assertThat(replicas()).isEqualTo(3);
    }

    @Test
    void replicasFollowValuesWithoutAutoscaling() throws IOException {
        release.install(SCALED);
        scale(7);

        release.upgrade(Installation.SPLIT.text() + "edge: {replicas: 4, autoscaling: {enabled: false}}\n");

        assertThat(replicas()).isEqualTo(4);
    }

    private int replicas() {
        JsonNode edge = server.object(EDGE).orElseThrow();
        return edge.at("/spec/replicas").asInt();
    }

    private void scale(int replicas) {
        server.change(EDGE, edge -> ((ObjectNode) edge.path("spec")).put("replicas", replicas));
    }
}
