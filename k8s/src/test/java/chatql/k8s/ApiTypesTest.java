package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that the tests of the manifests detect these mistakes. */
class ApiTypesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: v1, kind: Service, spec: {port: 80}}",
                "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{envs: []}]}}}}",
                "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, spec: {rules: [{timeout: {}}]}}",
                "{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, spec: {partition: 12}}",
                "{apiVersion: v1, kind: Pod, spec: {containers: [{arg: []}]}}",
                "{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, spec: {groups: [{rules: [{alerts: A}]}]}}",
                "{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, spec: {endpoints: [{relabeling: []}]}}",
                "{apiVersion: kafka.strimzi.io/v1, kind: Kafka, spec: {kafka: {listeners: [{tsl: true}]}}}"
            })
    void unknownFieldIsRejected(String manifest) {
        assertThatThrownBy(() -> ApiTypes.read(Yaml.read(manifest))).hasMessageContaining("Unrecognized field");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: v1, kind: ConfigMap, data: {KEY: 12}}",
                "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: two}}",
                "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{env: [{name: A, value: true}]}]}}}}"
            })
    void valueOfWrongTypeIsRejected(String manifest) {
        assertThatThrownBy(() -> ApiTypes.read(Yaml.read(manifest))).hasMessageContaining("Cannot");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: apps/v1beta1, kind: Deployment}",
                "{apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler}"
            })
    void unknownVersionIsRejected(String manifest) {
        assertThatThrownBy(() -> ApiTypes.read(Yaml.read(manifest))).hasMessageContaining("No type for");
    }
}
