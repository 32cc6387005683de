package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The guarantees of an installation. */
@NeedsHelm
class PromisesTest {
    private static final long LEFT_TO_STOP = 5;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            service: {port: 80}                                           | 0
            ingress: {enabled: true, host: chat.example.com}              | 1
            httpRoute: {enabled: true, parentRefs: [{name: entry}]}       | 1
            proxies: 2, ingress: {enabled: true, host: chat.example.com}  | 2
            proxies: 0, ingress: {enabled: true, host: chat.example.com}  | 0
            """)
    void limitsUseClientAddressSeenByRoute(String values, int proxies) {
        String needed = "kafka: {bootstrapServers: 'kafka:9092'}, auth: {mode: none, allowAnonymous: true}, ";

        String rendered = Chart.render("{" + needed + values + "}");

        assertThat(rendered).contains("CHATQL_LIMITS_PROXIES: \"" + proxies + "\"");
    }

    @ParameterizedTest
    @EnumSource
    void podsMeetRestrictedStandard(Installation installation) {
        assertThat(installation.workloads()).allSatisfy(workload -> {
            var pod = workload.pod().getSecurityContext();
            assertThat(pod.getRunAsNonRoot()).isTrue();
            if (installation == Installation.OPENSHIFT) {
                assertThat(pod.getRunAsUser()).isNull();
            } else {
                assertThat(pod.getRunAsUser()).isPositive();
            }
            assertThat(pod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            var container = workload.container().getSecurityContext();
            assertThat(container.getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(container.getCapabilities().getAdd()).isNullOrEmpty();
            assertThat(workload.pod().getHostNetwork()).isNull();
            assertThat(workload.pod().getVolumes())
                    .allMatch(volume -> volume.getEmptyDir() != null || volume.getSecret() != null);
        });
    }

    @ParameterizedTest
    @EnumSource
    void podsHaveNoTokenAndNoServiceLinks(Installation installation) {
        assertThat(installation.workloads()).allSatisfy(workload -> {
            assertThat(workload.pod().getAutomountServiceAccountToken()).isFalse();
            assertThat(workload.pod().getEnableServiceLinks()).isFalse();
        });
        assertThat(installation.all(ServiceAccount.class))
                .allMatch(account -> !account.getAutomountServiceAccountToken());
    }

    @ParameterizedTest
    @EnumSource
    void librariesCanBeUnpacked(Installation installation) {
        assertThat(installation.workloads())
                .allSatisfy(workload -> assertThat(workload.container().getVolumeMounts())
                        .filteredOn(mount -> mount.getMountPath().equals("/tmp"))
                        .hasSize(1)
                        .allMatch(mount -> mount.getReadOnly() == null));
    }

    @ParameterizedTest
    @EnumSource
    void terminationGracePeriodCoversWaitDrainAndStop(Installation installation) {
        assertThat(installation.workloads()).allSatisfy(workload -> {
            long wait = workload.container().getLifecycle() == null
                    ? 0
                    : workload.container()
                            .getLifecycle()
                            .getPreStop()
                            .getSleep()
                            .getSeconds();
            long drain = seconds(workload, "CHATQL_TRANSPORT_DRAIN_TIMEOUT");
            assertThat(workload.pod().getTerminationGracePeriodSeconds())
                    .isGreaterThanOrEqualTo(wait + drain + LEFT_TO_STOP);
            assertThat(seconds(workload, "SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE"))
                    .isGreaterThan(drain);
        });
    }

    @Test
    void drainDefaultsToThatOfGateway() {
        assertThat(Installation.SPLIT.workloads())
                .isNotEmpty()
                .allMatch(workload -> workload.env("CHATQL_TRANSPORT_DRAIN_TIMEOUT")
                        .equals(Gateway.byDefault("CHATQL_TRANSPORT_DRAIN_TIMEOUT")));
    }

    @ParameterizedTest
    @EnumSource
    void updateAddsEdgePodBeforeOneShutsDown(Installation installation) {
        assertThat(installation.all(Deployment.class))
                .extracting(edge -> edge.getSpec().getStrategy().getRollingUpdate())
                .allSatisfy(update -> {
                    assertThat(update.getMaxUnavailable().getIntVal()).isZero();
                    assertThat(update.getMaxSurge().getIntVal()).isEqualTo(1);
                });
    }

    /** Without its maxUnavailable, which 1.34 drops, a StatefulSet updates one pod at a time. */
    @ParameterizedTest
    @EnumSource
    void updateReplacesOneHistoryPodAtATime(Installation installation) {
        assertThat(installation.all(StatefulSet.class)).singleElement().satisfies(history -> {
            var update = history.getSpec().getUpdateStrategy();
            assertThat(update.getType()).isEqualTo("RollingUpdate");
            assertThat(update.getRollingUpdate()).isNull();
        });
    }

    @Test
    void splitHasStatelessEdgePodsAndStatefulHistoryPods() {
        assertThat(Installation.SPLIT.workloads())
                .extracting(
                        workload -> workload.owner().getKind(),
                        workload -> workload.env("CHATQL_ROLES").orElseThrow(),
                        workload -> workload.claims().size())
                .containsExactlyInAnyOrder(tuple("Deployment", "edge", 0), tuple("StatefulSet", "history", 1));
    }

    @Test
    void togetherHasPodsOfBothRolesAndStatefulSetOfSplit() {
        assertThat(Installation.TOGETHER.workloads()).singleElement().satisfies(workload -> {
            assertThat(workload.env("CHATQL_ROLES")).hasValue("edge,history");
            assertThat(workload.claims()).hasSize(1);
        });
        // One name, one selector, one set of pod names: a change from together to split keeps the volume claims.
        var together = Installation.TOGETHER.all(StatefulSet.class).findFirst().orElseThrow();
        var split = Installation.SPLIT.all(StatefulSet.class).findFirst().orElseThrow();
        assertThat(together.getMetadata().getName())
                .isEqualTo(split.getMetadata().getName());
        assertThat(together.getSpec().getSelector()).isEqualTo(split.getSpec().getSelector());
        assertThat(together.getSpec().getServiceName())
                .isEqualTo(split.getSpec().getServiceName());
        assertThat(together.getSpec().getVolumeClaimTemplates())
                .isEqualTo(split.getSpec().getVolumeClaimTemplates());
    }

    @Test
    void edgePodsScaleOnSubscriptionsOnlyWhenMetricIsServed() {
        assertThat(metrics(Installation.SPLIT)).extracting(MetricSpec::getType).containsExactly("Resource");
        assertThat(metrics(Installation.EVERYTHING))
                .filteredOn(metric -> metric.getType().equals("Pods"))
                .singleElement()
                .satisfies(metric -> {
                    assertThat(metric.getPods().getMetric().getName()).isEqualTo("chatql_subscriptions_live");
                    assertThat(metric.getPods().getTarget().getAverageValue().getNumericalAmount())
                            .isEqualByComparingTo("20000");
                });
    }

    @Test
    void nothingIsExposedByDefault() {
        assertThat(Installation.SPLIT.all(Ingress.class)).isEmpty();
        assertThat(Installation.SPLIT.all(HTTPRoute.class)).isEmpty();
        assertThat(Installation.SPLIT.all(Service.class))
                .extracting(service -> service.getSpec().getType())
                .doesNotContain("LoadBalancer", "NodePort");
    }

    @Test
    void noRouteLeadsToPeerRequests() {
        assertThat(ofTheIngress()).isNotEmpty().noneMatch(route -> route.leadsTo("/peer/own/timeline"));
        assertThat(ofTheHttpRoute()).isNotEmpty().noneMatch(route -> route.leadsTo("/peer/own/timeline"));
    }

    @Test
    void routeServesWholePageOnlyWhenConfigured() {
        assertThat(List.of("/", "/chat/main.js")).allSatisfy(path -> {
            assertThat(ofTheIngress()).anyMatch(route -> route.leadsTo(path));
            assertThat(ofTheHttpRoute()).noneMatch(route -> route.leadsTo(path));
        });
    }

    /** A path, and whether it is a prefix. */
    private record Route(String type, String path) {
        boolean leadsTo(String asked) {
            boolean below = !type.equals("Exact") && asked.startsWith(path.endsWith("/") ? path : path + "/");
            return asked.equals(path) || below;
        }
    }

    /** The route has the page. */
    private static List<Route> ofTheIngress() {
        return Installation.EVERYTHING
                .all(Ingress.class)
                .flatMap(ingress -> ingress.getSpec().getRules().stream())
                .flatMap(rule -> rule.getHttp().getPaths().stream())
                .map(path -> new Route(path.getPathType(), path.getPath()))
                .toList();
    }

    /** The route does not have the page. */
    private static List<Route> ofTheHttpRoute() {
        return Installation.EVERYTHING
                .all(HTTPRoute.class)
                .flatMap(route -> route.getSpec().getRules().stream())
                .flatMap(rule -> rule.getMatches().stream())
                .map(match ->
                        new Route(match.getPath().getType(), match.getPath().getValue()))
                .toList();
    }

    @Test
    void routeNeverEndsSubscription() {
        assertThat(Installation.EVERYTHING.all(HTTPRoute.class)).singleElement().satisfies(route -> {
            var timeouts = route.getSpec().getRules().getFirst().getTimeouts();
            assertThat(List.of(timeouts.getRequest(), timeouts.getBackendRequest()))
                    .containsOnly("0s");
        });
        assertThat(Installation.EVERYTHING.all(Ingress.class))
                .singleElement()
                .satisfies(ingress -> assertThat(ingress.getMetadata().getAnnotations())
                        .containsEntry("nginx.ingress.kubernetes.io/proxy-buffering", "off"));
    }

    @Test
    void chartHasVersionOfGateway() throws IOException {
        var chart = Yaml.read(Files.readString(Chart.DIRECTORY.resolve("Chart.yaml")));

        assertThat(List.of(
                        chart.path("version").asText(), chart.path("appVersion").asText()))
                .containsOnly(System.getProperty("project.version"));
    }

    @ParameterizedTest
    @EnumSource
    void uninstallKeepsMessages(Installation installation) {
        assertThat(installation.manifests())
                .filteredOn(manifest ->
                        List.of("Kafka", "KafkaNodePool", "KafkaTopic").contains(manifest.getKind()))
                .extracting(HasMetadata::getMetadata)
                .allSatisfy(metadata ->
                        assertThat(metadata.getAnnotations()).containsEntry("helm.sh/resource-policy", "keep"));
    }

    private static List<MetricSpec> metrics(Installation installation) {
        return installation
                .all(HorizontalPodAutoscaler.class)
                .flatMap(scaler -> scaler.getSpec().getMetrics().stream())
                .toList();
    }

    private static long seconds(Workload workload, String name) {
        return Duration.parse("PT" + workload.env(name).orElseThrow()).toSeconds();
    }
}
