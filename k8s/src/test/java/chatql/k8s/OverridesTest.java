package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that add to or change the pods, Services and routes. */
@NeedsHelm
class OverridesTest {
    private static final String NEEDED =
            "kafka: {bootstrapServers: 'kafka:9092'}\nauth: {mode: none, allowAnonymous: true}\n";

    @Test
    void extraEnvironmentReachesTheGatewayInAllPods() {
        assertThat(Installation.EVERYTHING.workloads()).hasSize(2).allSatisfy(workload -> {
            assertThat(workload.container().getEnv()).anySatisfy(variable -> {
                assertThat(variable.getName()).isEqualTo("CHATQL_PAGE_CLIENT_ID");
                assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isEqualTo("page");
            });
            assertThat(workload.container().getEnvFrom())
                    .hasSize(2)
                    .last()
                    .satisfies(from -> assertThat(from.getSecretRef().getName()).isEqualTo("more"));
        });
    }

    @Test
    void extraVolumesContainersLabelsAndHostsAreInAllPods() {
        assertThat(Installation.EVERYTHING.workloads()).hasSize(2).allSatisfy(workload -> {
            assertThat(workload.pod().getVolumes()).extracting(Volume::getName).containsExactly("tmp", "issuer-ca");
            assertThat(workload.container().getVolumeMounts()).anySatisfy(mount -> {
                assertThat(mount.getName()).isEqualTo("issuer-ca");
                assertThat(mount.getMountPath()).isEqualTo("/etc/issuer-ca");
            });
            assertThat(workload.pod().getContainers())
                    .extracting(Container::getName)
                    .containsExactly("gateway", "beside");
            assertThat(workload.pod().getInitContainers())
                    .extracting(Container::getName)
                    .containsExactly("wait");
            assertThat(workload.pod().getHostAliases())
                    .extracting(alias -> alias.getIp(), alias -> alias.getHostnames())
                    .containsExactly(tuple("192.0.2.1", List.of("kafka-1.example.com")));
        });
        assertThat(Installation.EVERYTHING.workloads(Map.of("team", "chat")))
                .extracting(workload -> workload.owner().getKind())
                .containsExactly("Deployment");
    }

    @Test
    void probeIsOverriddenInPart() {
        assertThat(Installation.EVERYTHING.workloads()).hasSize(2).allSatisfy(workload -> {
            var probe = workload.container().getLivenessProbe();
            assertThat(probe.getFailureThreshold()).isEqualTo(12);
            assertThat(probe.getPeriodSeconds()).isEqualTo(10);
            assertThat(probe.getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
        });
    }

    @Test
    void userAndGroupIdsAreOmittedForCluster() {
        assertThat(Installation.OPENSHIFT.workloads()).hasSize(2).allSatisfy(workload -> {
            var context = workload.pod().getSecurityContext();
            assertThat(context.getRunAsUser()).isNull();
            assertThat(context.getRunAsGroup()).isNull();
            assertThat(context.getFsGroup()).isNull();
            assertThat(context.getRunAsNonRoot()).isTrue();
        });
        assertThat(Chart.render(Installation.OPENSHIFT.text())).doesNotContain("runAsUser", "runAsGroup", "fsGroup:");
    }

    @Test
    void largeIdsStayWholeNumbers() {
        assertThat(Chart.render(NEEDED + "podSecurityContext: {runAsUser: 1000680000, fsGroup: '1000680000'}"))
                .contains("runAsUser: 1000680000\n", "fsGroup: 1000680000\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podSecurityContext: null",
                "securityContext: null",
                "livenessProbe: null",
                "edge: {autoscaling: {behavior: null}}",
                "extraEnv: null",
                "settings: null",
                "edge: {podLabels: null, affinity: null, tolerations: null}",
                "history: {resources: null}"
            })
    void nullValuesAreOmitted(String values) {
        assertThat(Yaml.documents(Chart.render(NEEDED + values)))
                .allSatisfy(manifest -> assertThat(ApiTypes.read(manifest)).isNotNull())
                .hasSizeGreaterThan(8);
    }

    @Test
    void clientServiceHasLoadBalancerSettings() {
        assertThat(Installation.EVERYTHING.all(Service.class))
                .filteredOn(service -> service.getSpec().getType() != null
                        && service.getSpec().getType().equals("LoadBalancer"))
                .singleElement()
                .satisfies(service -> {
                    assertThat(service.getSpec().getLoadBalancerClass()).isEqualTo("example.com/balancer");
                    assertThat(service.getSpec().getExternalTrafficPolicy()).isEqualTo("Local");
                    assertThat(service.getSpec().getPorts())
                            .extracting(port -> port.getPort(), port -> port.getNodePort())
                            .containsExactly(tuple(8080, 30080));
                });
    }

    @Test
    void autoscalerAcceptsOtherMetricsAndBehavior() {
        assertThat(Installation.OPENSHIFT.all(HorizontalPodAutoscaler.class))
                .singleElement()
                .satisfies(scaler -> {
                    assertThat(scaler.getSpec().getMetrics())
                            .extracting(MetricSpec::getType)
                            .containsExactly("Resource", "ContainerResource");
                    var behavior = scaler.getSpec().getBehavior();
                    assertThat(behavior.getScaleUp().getStabilizationWindowSeconds())
                            .isEqualTo(30);
                    assertThat(behavior.getScaleDown().getStabilizationWindowSeconds())
                            .isEqualTo(300);
                });
    }

    @Test
    void routeOmitsTimeoutsForControllersWithoutSupport() {
        assertThat(Installation.OPENSHIFT.all(HTTPRoute.class))
                .singleElement()
                .satisfies(route -> assertThat(
                                route.getSpec().getRules().getFirst().getTimeouts())
                        .isNull());
    }

    @Test
    void trialRequestsFitOnSharedTwoCores() {
        assertThat(Installation.TRIAL.workloads()).singleElement().satisfies(workload -> {
            assertThat(workload.replicas()).isEqualTo(1);
            var requests = workload.container().getResources().getRequests();
            assertThat(requests.get("cpu").getNumericalAmount()).isLessThanOrEqualTo(new BigDecimal("0.25"));
            assertThat(requests.get("memory").toString()).isEqualTo("1536Mi");
        });
        assertThat(Installation.TRIAL.all(HorizontalPodAutoscaler.class)).isEmpty();
    }
}
