package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every reference between objects names an existing one. The manifests are read strictly, on which every test here
 * relies.
 */
@NeedsHelm
class ReferencesTest {
    @ParameterizedTest
    @EnumSource
    void resourceNamesAreUnique(Installation installation) {
        assertThat(installation.manifests())
                .extracting(manifest ->
                        manifest.getKind() + "/" + manifest.getMetadata().getName())
                .doesNotHaveDuplicates()
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nameAndLabelsAreShortEnough(Installation installation) {
        assertThat(Stream.concat(installation.manifests().stream(), installation.hooks().stream()))
                .allSatisfy(manifest -> {
                    assertThat(manifest.getMetadata().getName()).hasSizeLessThanOrEqualTo(63);
                    assertThat(manifest.getMetadata().getLabels().values()).allMatch(value -> value.length() <= 63);
                });
    }

    @ParameterizedTest
    @EnumSource
    void selectorsMatchTheirOwnPodsOnly(Installation installation) {
        List<Workload> workloads = installation.workloads();

        assertThat(workloads)
                .isNotEmpty()
                .allSatisfy(workload ->
                        assertThat(installation.workloads(workload.selector())).containsExactly(workload));
    }

    @ParameterizedTest
    @EnumSource
    void podsAreSpreadWithinTheirWorkload(Installation installation) {
        assertThat(installation.workloads())
                .allSatisfy(workload -> assertThat(workload.pod().getTopologySpreadConstraints())
                        .hasSize(2)
                        .allSatisfy(spread -> assertThat(only(spread.getLabelSelector(), installation))
                                .isEqualTo(workload)));
    }

    @ParameterizedTest
    @EnumSource
    void servicesLeadToPortsOfPods(Installation installation) {
        assertThat(installation.all(Service.class)).isNotEmpty().allSatisfy(service -> {
            List<Workload> pods = installation.workloads(service.getSpec().getSelector());
            boolean metrics = service.getMetadata().getName().endsWith("-metrics");
            assertThat(pods).hasSize(metrics ? installation.workloads().size() : 1);
            assertThat(service.getSpec().getPorts())
                    .isNotEmpty()
                    .allSatisfy(port -> assertThat(pods)
                            .allSatisfy(pod -> assertThat(
                                            pod.port(port.getTargetPort().getStrVal()))
                                    .hasValue(metrics ? 8081 : 8080)));
        });
    }

    @Test
    void podMonitorScrapesEveryPod() {
        PodMonitor monitor =
                Installation.EVERYTHING.all(PodMonitor.class).findFirst().orElseThrow();

        assertThat(Installation.EVERYTHING.workloads(
                        monitor.getSpec().getSelector().getMatchLabels()))
                .isEqualTo(Installation.EVERYTHING.workloads())
                .allSatisfy(pod -> assertThat(monitor.getSpec().getPodMetricsEndpoints())
                        .singleElement()
                        .satisfies(endpoint -> {
                            assertThat(pod.port(endpoint.getPort())).hasValue(8081);
                            assertThat(endpoint.getPath()).isEqualTo("/actuator/prometheus");
                        }));
        assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "prometheus");
    }

    @Test
    void serviceMonitorScrapesEveryPod() {
        ServiceMonitor monitor =
                Installation.OPENSHIFT.all(ServiceMonitor.class).findFirst().orElseThrow();
        Map<String, String> chosen = monitor.getSpec().getSelector().getMatchLabels();

        assertThat(Installation.OPENSHIFT
                        .all(Service.class)
                        .filter(service ->
                                service.getMetadata().getLabels().entrySet().containsAll(chosen.entrySet())))
                .singleElement()
                .satisfies(service -> {
                    assertThat(Installation.OPENSHIFT.workloads(
                                    service.getSpec().getSelector()))
                            .isEqualTo(Installation.OPENSHIFT.workloads());
                    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
                    assertThat(monitor.getSpec().getEndpoints()).singleElement().satisfies(endpoint -> {
                        assertThat(endpoint.getPort())
                                .isEqualTo(
                                        service.getSpec().getPorts().getFirst().getName());
                        assertThat(endpoint.getPath()).isEqualTo("/actuator/prometheus");
                    });
                });
        assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "prometheus");
    }

    /** The alerts select this job, and a release may have any name. */
    @Test
    void jobLabelIsChatqlForEveryReleaseName() {
        assertThat(Installation.EVERYTHING.all(PodMonitor.class))
                .flatExtracting(monitor -> monitor.getSpec().getPodMetricsEndpoints())
                .flatExtracting(endpoint -> endpoint.getRelabelings())
                .extracting(relabeling -> relabeling.getTargetLabel(), relabeling -> relabeling.getReplacement())
                .containsExactly(tuple("job", "chatql"));
        assertThat(Installation.OPENSHIFT.all(ServiceMonitor.class))
                .flatExtracting(monitor -> monitor.getSpec().getEndpoints())
                .flatExtracting(endpoint -> endpoint.getRelabelings())
                .extracting(relabeling -> relabeling.getTargetLabel(), relabeling -> relabeling.getReplacement())
                .containsExactly(tuple("job", "chatql"));
    }

    @ParameterizedTest
    @EnumSource
    void clientServiceSelectsEdgePodsOnly(Installation installation) {
        Service clients = service(installation, fullname(installation)).orElseThrow();

        assertThat(installation.workloads(clients.getSpec().getSelector()))
                .allSatisfy(
                        pod -> assertThat(pod.env("CHATQL_ROLES").orElseThrow().split(","))
                                .contains("edge"));
    }

    @ParameterizedTest
    @EnumSource
    void historyPodsAreNamedByTheirHeadlessService(Installation installation) {
        StatefulSet history = installation.all(StatefulSet.class).findFirst().orElseThrow();
        Service names =
                service(installation, history.getSpec().getServiceName()).orElseThrow();
        Workload pods = Workload.of(history).findFirst().orElseThrow();

        assertThat(names.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(names.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(installation.workloads(names.getSpec().getSelector())).containsExactly(pods);
        assertThat(pods.env("CHATQL_HISTORY_ADVERTISED_ADDRESS"))
                .hasValue("$(POD_NAME)." + names.getMetadata().getName() + ":8080");
        assertThat(pods.env("CHATQL_HISTORY_GROUP_INSTANCE_ID")).hasValue("$(POD_NAME)");
        assertThat(names.getSpec().getPorts()).extracting(ServicePort::getPort).containsExactly(8080);
    }

    @ParameterizedTest
    @EnumSource
    void referencedVariableIsDefinedEarlier(Installation installation) {
        assertThat(installation.workloads()).allSatisfy(workload -> {
            List<String> names = workload.container().getEnv().stream()
                    .map(variable -> variable.getName())
                    .toList();
            assertThat(names)
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(installation.settings().keySet());
            assertThat(workload.container().getEnv())
                    .filteredOn(variable ->
                            Optional.ofNullable(variable.getValue()).orElse("").contains("$(POD_NAME)"))
                    .allSatisfy(variable ->
                            assertThat(names.indexOf("POD_NAME")).isBetween(0, names.indexOf(variable.getName()) - 1));
        });
    }

    @ParameterizedTest
    @EnumSource
    void edgePodsUseServiceOfHistory(Installation installation) {
        assertThat(installation.workloads())
                .filteredOn(
                        workload -> workload.env("CHATQL_ROLES").orElseThrow().equals("edge"))
                .allSatisfy(edge -> {
                    URI address = URI.create(edge.env("CHATQL_HISTORY_URL").orElseThrow());
                    Service history = service(installation, address.getHost()).orElseThrow();
                    assertThat(history.getSpec().getPorts())
                            .extracting(ServicePort::getPort)
                            .containsExactly(address.getPort());
                    assertThat(installation.workloads(history.getSpec().getSelector()))
                            .allSatisfy(
                                    pod -> assertThat(pod.env("CHATQL_ROLES")).hasValue("history"));
                });
    }

    @ParameterizedTest
    @EnumSource
    void everyVolumeHasMountAndEveryMountHasVolume(Installation installation) {
        assertThat(installation.workloads()).allSatisfy(workload -> {
            Stream<String> volumes = Stream.concat(
                    workload.pod().getVolumes().stream().map(Volume::getName), workload.claims().stream());
            assertThat(workload.container().getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .containsExactlyInAnyOrderElementsOf(volumes.toList());
        });
    }

    @ParameterizedTest
    @EnumSource
    void dataDirectoryIsMountPathOfClaim(Installation installation) {
        assertThat(installation.workloads())
                .allSatisfy(workload -> assertThat(workload.container().getVolumeMounts())
                        .filteredOn(mount -> workload.claims().contains(mount.getName()))
                        .extracting(VolumeMount::getMountPath)
                        .isEqualTo(workload.env("CHATQL_DATA_DIR").stream().toList()));
    }

    @ParameterizedTest
    @EnumSource
    void probesUseManagementPort(Installation installation) {
        assertThat(installation.workloads()).allSatisfy(workload -> {
            var container = workload.container();
            assertThat(List.of(
                            container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe()))
                    .extracting(Probe::getHttpGet)
                    .allSatisfy(get ->
                            assertThat(workload.port(get.getPort().getStrVal())).hasValue(8081))
                    .extracting(get -> get.getPath())
                    .containsExactly(
                            "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/health/liveness");
            assertThat(workload.env("SERVER_PORT")).hasValue("8080");
            assertThat(workload.env("MANAGEMENT_SERVER_PORT")).hasValue("8081");
        });
    }

    @ParameterizedTest
    @EnumSource
    void configMapAndServiceAccountExist(Installation installation) {
        assertThat(installation.workloads()).allSatisfy(workload -> {
            assertThat(workload.container()
                            .getEnvFrom()
                            .getFirst()
                            .getConfigMapRef()
                            .getName())
                    .isEqualTo(fullname(installation));
            String account = workload.pod().getServiceAccountName();
            assertThat(account.equals("default")
                            || names(installation.all(ServiceAccount.class)).contains(account))
                    .isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void autoscaledWorkloadHasNoFixedReplicas(Installation installation) {
        assertThat(installation.all(HorizontalPodAutoscaler.class)).allSatisfy(scaler -> {
            var target = scaler.getSpec().getScaleTargetRef();
            Workload scaled = installation.workloads().stream()
                    .filter(workload -> workload.name().equals(target.getName()))
                    .findFirst()
                    .orElseThrow();
            assertThat(scaled.owner().getKind()).isEqualTo(target.getKind());
            assertThat(scaled.replicas()).isNull();
            assertThat(scaled.claims()).isEmpty();
        });
        assertThat(installation.workloads())
                .filteredOn(workload -> workload.replicas() == null)
                .hasSize((int) installation.all(HorizontalPodAutoscaler.class).count());
    }

    @ParameterizedTest
    @EnumSource
    void disruptionBudgetCoversEachWorkload(Installation installation) {
        List<Workload> spared = installation
                .all(PodDisruptionBudget.class)
                .map(budget -> only(budget.getSpec().getSelector(), installation))
                .toList();

        assertThat(spared).doesNotHaveDuplicates();
        assertThat(spared.isEmpty() || spared.containsAll(installation.workloads()))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void routesLeadToClientService(Installation installation) {
        Service clients = service(installation, fullname(installation)).orElseThrow();
        List<Integer> ports =
                clients.getSpec().getPorts().stream().map(ServicePort::getPort).toList();

        assertThat(installation.all(Ingress.class))
                .allSatisfy(ingress -> assertThat(ingress.getSpec()
                                .getRules()
                                .getFirst()
                                .getHttp()
                                .getPaths())
                        .isNotEmpty()
                        .allSatisfy(path -> {
                            IngressServiceBackend backend = path.getBackend().getService();
                            assertThat(backend.getName())
                                    .isEqualTo(clients.getMetadata().getName());
                            assertThat(clients.getSpec().getPorts())
                                    .extracting(ServicePort::getName)
                                    .contains(backend.getPort().getName());
                        }));
        assertThat(installation.all(HTTPRoute.class))
                .allSatisfy(route -> assertThat(
                                route.getSpec().getRules().getFirst().getBackendRefs())
                        .isNotEmpty()
                        .allSatisfy(backend -> {
                            assertThat(backend.getName())
                                    .isEqualTo(clients.getMetadata().getName());
                            assertThat(ports).contains(backend.getPort());
                        }));
    }

    private static Workload only(LabelSelector selector, Installation installation) {
        List<Workload> found = installation.workloads(selector.getMatchLabels());
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static Optional<Service> service(Installation installation, String name) {
        return installation
                .all(Service.class)
                .filter(service -> service.getMetadata().getName().equals(name))
                .findFirst();
    }

    private static String fullname(Installation installation) {
        return installation.settingsMap().getMetadata().getName();
    }

    private static List<String> names(Stream<? extends HasMetadata> manifests) {
        return manifests.map(manifest -> manifest.getMetadata().getName()).toList();
    }
}
