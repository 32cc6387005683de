package chatql.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pods of one kind, whichever controller creates them. */
record Workload(
        HasMetadata owner,
        @Nullable Integer replicas,
        Map<String, String> selector,
        PodTemplateSpec template,
        List<String> claims) {

    static Stream<Workload> of(HasMetadata manifest) {
        return switch (manifest) {
            case Deployment edge ->
                Stream.of(new Workload(
                        edge,
                        edge.getSpec().getReplicas(),
                        edge.getSpec().getSelector().getMatchLabels(),
                        edge.getSpec().getTemplate(),
                        List.of()));
            case StatefulSet history ->
                Stream.of(new Workload(
                        history,
                        history.getSpec().getReplicas(),
                        history.getSpec().getSelector().getMatchLabels(),
                        history.getSpec().getTemplate(),
                        history.getSpec().getVolumeClaimTemplates().stream()
                                .map(claim -> claim.getMetadata().getName())
                                .toList()));
            default -> Stream.empty();
        };
    }

    String name() {
        return owner.getMetadata().getName();
    }

    PodSpec pod() {
        return template.getSpec();
    }

    Container container() {
        return pod().getContainers().getFirst();
    }

    boolean has(Map<String, String> labels) {
        return template.getMetadata().getLabels().entrySet().containsAll(labels.entrySet());
    }

    Optional<Integer> port(String name) {
        return container().getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .map(port -> port.getContainerPort())
                .findFirst();
    }

    Optional<String> env(String name) {
        return container().getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst();
    }
}
