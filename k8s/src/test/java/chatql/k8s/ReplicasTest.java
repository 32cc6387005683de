package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many edge pods there are while Helm installs and upgrades, and an autoscaler decides otherwise. */
@NeedsHelm
class ReplicasTest {
    private static final String EDGE = "deployments/chatql-edge";
    private static final String SCALED = Installation.SPLIT.text() + "edge: {autoscaling: {minReplicas: 3}}\n";

    @TempDir
    private Path directory;

    private ApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void firstInstallStartsTheLeastAtOnce() throws IOException {
        install(SCALED);

        assertThat(replicas()).isEqualTo(3);
        assertThat(server.object("horizontalpodautoscalers/chatql-edge")
                        .orElseThrow()
                        .at("/spec/minReplicas")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void upgradeLeavesAsManyAsTheAutoscalerHasMade() throws IOException {
        install(SCALED);
        scale(7);

        upgrade(SCALED + "drainSeconds: 25\n");

        assertThat(replicas()).isEqualTo(7);
        assertThat(server.object(EDGE).orElseThrow().toString()).contains("\"25s\"");
    }

    @Test
    void upgradeFromTogetherToSplitStartsTheLeastAtOnce() throws IOException {
        install(SCALED + "layout: together\n");
        assertThat(server.object(EDGE)).isEmpty();

        upgrade(SCALED);

        assertThat(replicas()).isEqualTo(3);
    }

    @Test
    void withoutAutoscalingThereAreAsManyAsTheValuesSay() throws IOException {
        install(SCALED);
        scale(7);

        upgrade(Installation.SPLIT.text() + "edge: {replicas: 4, autoscaling: {enabled: false}}\n");

        assertThat(replicas()).isEqualTo(4);
    }

    private void install(String values) throws IOException {
        new Helm(Chart.DIRECTORY)
                .install()
                .withName("chatql")
                .withNamespace("chat")
                .withKubeConfigContents(server.kubeConfig())
                .withValuesFile(file(values))
                .disableOpenApiValidation()
                .call();
    }

    private void upgrade(String values) throws IOException {
        new Helm(Chart.DIRECTORY)
                .upgrade()
                .withName("chatql")
                .withNamespace("chat")
                .withKubeConfigContents(server.kubeConfig())
                .withValuesFile(file(values))
                .disableOpenApiValidation()
                .call();
    }

    private Path file(String values) throws IOException {
        return Files.writeString(directory.resolve("values.yaml"), values);
    }

    private int replicas() {
        JsonNode edge = server.object(EDGE).orElseThrow();
        return edge.at("/spec/replicas").asInt();
    }

    private void scale(int replicas) {
        server.change(EDGE, edge -> ((ObjectNode) edge.path("spec")).put("replicas", replicas));
    }
}
