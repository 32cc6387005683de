package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The allowed connections between pods, clients and other services. */
@NeedsHelm
class NetworkTest {
    @ParameterizedTest
    @EnumSource
    void everyPodHasOnePolicyOrNone(Installation installation) {
        List<Workload> guarded = installation
                .all(NetworkPolicy.class)
                .flatMap(policy ->
                        installation.workloads(policy.getSpec().getPodSelector().getMatchLabels()).stream())
                .toList();

        assertThat(guarded).doesNotHaveDuplicates();
        assertThat(guarded.isEmpty() || guarded.containsAll(installation.workloads()))
                .isTrue();
        assertThat(installation.all(NetworkPolicy.class))
                .allMatch(policy -> policy.getSpec().getPolicyTypes().equals(List.of("Ingress", "Egress")));
    }

    @Test
    void clientsReachEdgePodsAndNotHistory() {
        Map<String, String> client = Map.of("app", "browser");

        assertThat(admits(policy(Installation.SPLIT, "chatql-edge"), 8080, client))
                .isTrue();
        assertThat(admits(policy(Installation.SPLIT, "chatql-history"), 8080, client))
                .isFalse();
        assertThat(admits(policy(Installation.TOGETHER, "chatql-history"), 8080, client))
                .isTrue();
    }

    @Test
    void everyGatewayPodReachesHistory() {
        NetworkPolicy history = policy(Installation.SPLIT, "chatql-history");

        assertThat(Installation.SPLIT.workloads())
                .hasSize(2)
                .allMatch(pod ->
                        admits(history, 8080, pod.template().getMetadata().getLabels()));
    }

    @ParameterizedTest
    @EnumSource
    void podsReachHistoryOnItsPort(Installation installation) {
        assertThat(installation.all(NetworkPolicy.class))
                .allMatch(policy -> egress(policy)
                        .filter(rule -> rule.getTo().stream()
                                .anyMatch(
                                        peer -> installation
                                                .workloads(peer.getPodSelector().getMatchLabels())
                                                .stream()
                                                .anyMatch(pod -> pod.env("CHATQL_ROLES")
                                                        .orElseThrow()
                                                        .contains("history"))))
                        .anyMatch(rule -> ports(rule.getPorts()).contains(8080)));
    }

    @ParameterizedTest
    @EnumSource
    void podsReachDnsAndKafka(Installation installation) {
        assertThat(installation.all(NetworkPolicy.class)).allSatisfy(policy -> {
            List<Integer> anywhere = egress(policy)
                    .filter(rule -> rule.getTo().isEmpty())
                    .flatMap(rule -> ports(rule.getPorts()).stream())
                    .toList();
            assertThat(anywhere).contains(53).containsAll(kafkaPorts(installation));
            assertThat(anywhere.contains(443))
                    .isEqualTo(installation.settings().get("CHATQL_AUTH_MODE").equals("jwt"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void podsReachTraceCollectorWhenConfigured(Installation installation) {
        assertThat(installation.all(NetworkPolicy.class))
                .allSatisfy(policy -> assertThat(egress(policy)
                                .anyMatch(rule -> ports(rule.getPorts()).contains(4318)))
                        .isEqualTo(installation
                                .settings()
                                .containsKey("MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT")));
    }

    @Test
    void prometheusReachesEveryPodOfItsService() {
        assertThat(Installation.OPENSHIFT.all(Service.class))
                .filteredOn(service -> service.getMetadata().getName().endsWith("-metrics"))
                .singleElement()
                .satisfies(service -> assertThat(Installation.OPENSHIFT.workloads(
                                service.getSpec().getSelector()))
                        .allSatisfy(pod -> {
                            NetworkPolicy policy = policy(Installation.OPENSHIFT, pod.name());
                            int port = service.getSpec().getPorts().getFirst().getPort();
                            assertThat(pod.port("management")).hasValue(port);
                            assertThat(peers(policy, port))
                                    .singleElement()
                                    .satisfies(peer -> assertThat(peer.getNamespaceSelector())
                                            .isNotNull());
                        }));
    }

    @Test
    void configuredClientsAloneAreAdmitted() {
        NetworkPolicy edge = policy(Installation.EVERYTHING, "chatql-talk-edge");

        assertThat(peers(edge, 8080))
                .singleElement()
                .satisfies(peer ->
                        assertThat(peer.getNamespaceSelector().getMatchLabels()).containsValue("ingress"));
        assertThat(peers(edge, 8081))
                .singleElement()
                .satisfies(peer ->
                        assertThat(peer.getNamespaceSelector().getMatchLabels()).containsValue("monitoring"));
    }

    private static List<Integer> kafkaPorts(Installation installation) {
        return installation == Installation.EVERYTHING
                ? List.of(9093, 9094)
                : Stream.of(installation
                                .settings()
                                .get("KAFKA_BOOTSTRAP_SERVERS")
                                .split(","))
                        .map(server -> Integer.valueOf(server.substring(server.lastIndexOf(':') + 1)))
                        .toList();
    }

    private static NetworkPolicy policy(Installation installation, String name) {
        return installation
                .all(NetworkPolicy.class)
                .filter(policy -> policy.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether a pod of the same namespace with these labels may connect. */
    private static boolean admits(NetworkPolicy policy, int port, Map<String, String> labels) {
        return rules(policy, port)
                .anyMatch(rule -> rule.getFrom().isEmpty()
                        || rule.getFrom().stream()
                                .anyMatch(peer -> peer.getPodSelector() != null
                                        && labels.entrySet()
                                                .containsAll(peer.getPodSelector()
                                                        .getMatchLabels()
                                                        .entrySet())));
    }

    private static List<NetworkPolicyPeer> peers(NetworkPolicy policy, int port) {
        return rules(policy, port).flatMap(rule -> rule.getFrom().stream()).toList();
    }

    private static Stream<NetworkPolicyIngressRule> rules(NetworkPolicy policy, int port) {
        return policy.getSpec().getIngress().stream()
                .filter(rule -> ports(rule.getPorts()).contains(port));
    }

    private static Stream<NetworkPolicyEgressRule> egress(NetworkPolicy policy) {
        return policy.getSpec().getEgress().stream();
    }

    private static List<Integer> ports(List<NetworkPolicyPort> ports) {
        return ports.stream().map(port -> port.getPort().getIntVal()).toList();
    }
}
