package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The script of `helm test`. */
@NeedsHelm
class SmokeTest {
    @ParameterizedTest
    @EnumSource
    void testPodCallsClientService(Installation installation) {
        Map<String, String> environment = environment(pod(installation));

        assertThat(installation.all(Service.class))
                .filteredOn(service -> service.getMetadata().getName().equals(environment.get("HOST")))
                .singleElement()
                .satisfies(service -> {
                    assertThat(service.getSpec().getSelector()).containsKey("chatql/edge");
                    assertThat(service.getSpec().getPorts())
                            .extracting(port -> port.getPort().toString())
                            .containsExactly(environment.get("PORT"));
                });
        assertThat(environment.get("EXPECTED"))
                .isEqualTo(installation.settings().get("CHATQL_AUTH_MODE").equals("jwt") ? "401" : "200");
    }

    @ParameterizedTest
    @EnumSource
    void testPodMeetsRestrictedStandardAndBelongsToNoWorkload(Installation installation) {
        Pod pod = pod(installation);

        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(container(pod).getSecurityContext().getReadOnlyRootFilesystem())
                .isTrue();
        assertThat(container(pod).getSecurityContext().getCapabilities().getDrop())
                .containsExactly("ALL");
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(installation.workloads())
                .noneMatch(workload -> pod.getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(workload.selector().entrySet()));
        assertThat(installation.hooks())
                .extracting(hook -> hook.getMetadata().getAnnotations().get(Chart.SHOWN_HOOK))
                .containsOnly("test");
    }

    @Test
    void networkPolicyAdmitsTestPodWhenClientsAreRestricted() {
        Pod pod = pod(Installation.EVERYTHING);

        assertThat(hooks(Installation.EVERYTHING, NetworkPolicy.class))
                .singleElement()
                .satisfies(policy -> {
                    assertThat(Installation.EVERYTHING.workloads(
                                    policy.getSpec().getPodSelector().getMatchLabels()))
                            .extracting(workload -> workload.env("CHATQL_ROLES").orElseThrow())
                            .containsExactly("edge");
                    assertThat(policy.getSpec().getIngress()).singleElement().satisfies(rule -> {
                        assertThat(rule.getPorts())
                                .extracting(port -> port.getPort().getIntVal())
                                .containsExactly(8080);
                        assertThat(rule.getFrom())
                                .singleElement()
                                .satisfies(peer -> assertThat(pod.getMetadata().getLabels())
                                        .containsAllEntriesOf(
                                                peer.getPodSelector().getMatchLabels()));
                    });
                });
        assertThat(hooks(Installation.SPLIT, NetworkPolicy.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"200, 200, true", "401, 401, true", "503, 200, false", "200, 401, false"})
    void scriptSucceedsWithExpectedStatusOnly(int status, String expected, boolean well) throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/graphql", exchange -> {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(run(server.getAddress().getPort(), expected)).isEqualTo(well);
        } finally {
            server.stop(0);
        }

        assertThat(asked).containsExactly("{\"query\":\"{ __typename }\"}");
    }

    @Test
    void scriptFailsWhenPortIsClosed() throws Exception {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        assertThat(run(free, "200")).isFalse();
    }

    /** Runs the script as the container would, with this machine's bash. */
    private static boolean run(int port, String expected) throws IOException, InterruptedException {
        Path bash = Path.of("/bin/bash");
        assumeTrue(Files.isExecutable(bash), "the script needs bash");
        Container container = container(pod(Installation.SPLIT));
        var builder = new ProcessBuilder(Stream.concat(container.getCommand().stream(), container.getArgs().stream())
                .toList());
        builder.environment().putAll(Map.of("HOST", "127.0.0.1", "PORT", Integer.toString(port), "EXPECTED", expected));
        Process process = builder.redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0;
    }

    private static Pod pod(Installation installation) {
        return hooks(installation, Pod.class).findFirst().orElseThrow();
    }

    private static <T extends HasMetadata> Stream<T> hooks(Installation installation, Class<T> type) {
        return installation.hooks().stream().filter(type::isInstance).map(type::cast);
    }

    private static Container container(Pod pod) {
        return pod.getSpec().getContainers().getFirst();
    }

    private static Map<String, String> environment(Pod pod) {
        return container(pod).getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }
}
