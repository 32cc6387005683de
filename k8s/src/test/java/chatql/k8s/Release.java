package chatql.k8s;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The release `chatql` of the chart, which Helm installs and upgrades on a server. */
record Release(ApiServer server, Path directory) {
    private static final String NAME = "chatql";
    private static final String NAMESPACE = "chat";

    void install(String values) throws IOException {
        new Helm(Chart.DIRECTORY)
                .install()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .withKubeConfigContents(server.kubeConfig())
                .withValuesFile(file(values))
                .disableOpenApiValidation()
                .call();
    }

    void upgrade(String values) throws IOException {
        new Helm(Chart.DIRECTORY)
                .upgrade()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .withKubeConfigContents(server.kubeConfig())
                .withValuesFile(file(values))
                .disableOpenApiValidation()
                .call();
    }

    private Path file(String values) throws IOException {
        return Files.writeString(directory.resolve("values.yaml"), values);
    }
}
