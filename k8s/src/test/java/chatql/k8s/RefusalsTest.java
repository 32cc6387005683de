package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Values that cannot be installed, and the errors that explain why. */
@NeedsHelm
class RefusalsTest {
    private static final String KAFKA = "kafka: {bootstrapServers: 'kafka:9092'}\n";
    private static final String ANONYMOUS = "auth: {mode: none, allowAnonymous: true}\n";

    @Test
    void bothMissingValuesAreReported() {
        assertThatThrownBy(() -> Chart.render("{}"))
                .hasMessageContaining("kafka.bootstrapServers is not set: name your Kafka cluster as host:port")
                .hasMessageContaining("auth.mode is not set: set it to jwt")
                .hasMessageContaining("Nothing is open to everyone by accident.");
    }

    @Test
    void minimalValuesAreSufficient() {
        assertThat(Chart.render(KAFKA + ANONYMOUS)).contains("kind: StatefulSet", "kind: Deployment");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            auth: {mode: none}                                              | if that is intended, set auth.allowAnonymous=true as well
            auth: {mode: jwt, audience: chatql}                             | needs auth.issuerUri or auth.jwksUri: the issuer of accepted tokens
            auth: {mode: jwt, issuerUri: 'https://issuer.example.com'}      | needs auth.audience
            auth: {mode: jwt, jwksUri: 'https://i', audience: a, allowAnonymous: true} | with jwt, no client is anonymous
            """)
    void incompleteAuthValuesAreRejected(String auth, String sentence) {
        assertThatThrownBy(() -> Chart.render(KAFKA + auth)).hasMessageContaining(sentence);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            kafka: {bootstrapServers: 'k:1', securityProtocol: SASL_SSL}     | SASL_SSL needs kafka.sasl.mechanism
            kafka: {bootstrapServers: 'k:1', securityProtocol: SASL_SSL}     | SASL_SSL needs kafka.sasl.existingSecret
            {kafka: {bootstrapServers: 'k:1'}, strimzi: {enabled: true}}     | are both set: set only one of them
            {strimzi: {enabled: true, topics: {minInsyncReplicas: 4}}}       | no message could ever be acknowledged
            {strimzi: {enabled: true}, ingress: {enabled: true}}             | ingress.enabled=true needs ingress.host
            {strimzi: {enabled: true}, httpRoute: {enabled: true}}           | needs httpRoute.parentRefs
            {strimzi: {enabled: true}, edge: {autoscaling: {cpuUtilization: 0}}} | edge.autoscaling has no metric
            {strimzi: {enabled: true}, edge: {autoscaling: {minReplicas: 11}}}   | minReplicas is above
            {strimzi: {enabled: true}, edge: {resources: {requests: {cpu: null}}}} | set edge.resources.requests.cpu
            {strimzi: {enabled: true}, edge: {resources: null}}                  | set edge.resources.requests.cpu
            {strimzi: {enabled: true}, extraContainers: [{name: beside}]}        | extraContainers: beside has no CPU request
            {strimzi: {enabled: true}, extraInitContainers: [{name: proxy, restartPolicy: Always}]} | extraInitContainers: proxy runs alongside
            {strimzi: {enabled: true}, history: {replicas: 13}}                  | history.replicas=13 is above kafka.topics.partitions=12
            {strimzi: {enabled: true}, history: {replicas: 4}, kafka: {topics: {partitions: 3}}} | history.replicas=4 is above kafka.topics.partitions=3
            {strimzi: {enabled: true}, history: {replicas: 1}}                   | set history.standbyReplicas=0, or more replicas
            {strimzi: {enabled: true}, history: {standbyReplicas: 2}}                   | history.standbyReplicas=2 needs that many pods besides the first
            {strimzi: {enabled: true}, podMonitor: {enabled: true}, serviceMonitor: {enabled: true}} | scraped and counted twice
            {strimzi: {enabled: true}, service: {nodePort: 30080}}               | service.nodePort needs service.type
            {strimzi: {enabled: true}, service: {type: NodePort, loadBalancerClass: a}} | needs service.type=LoadBalancer
            {strimzi: {enabled: true}, service: {externalTrafficPolicy: Local}}  | service.externalTrafficPolicy needs
            {strimzi: {enabled: true}, fullnameOverride: my.chat}                | cannot be the name of a Service
            {strimzi: {enabled: true}, fullnameOverride: 1chat}                  | cannot be the name of a Service
            {strimzi: {enabled: true, cluster: {name: my.kafka}}}                | cannot be the name of Strimzi's cluster
            {strimzi: {enabled: true}, fullnameOverride: a-name-of-twenty-six-chars} | has at most 25 letters
            """)
    void conflictingValuesAreRejected(String values, String sentence) {
        String all = values.startsWith("{")
                ? values.substring(0, values.length() - 1) + ", auth: {mode: none, allowAnonymous: true}}"
                : values + "\n" + ANONYMOUS;

        assertThatThrownBy(() -> Chart.render(all)).hasMessageContaining(sentence);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            auth: {mode: open}                          | /auth/mode
            auth: {allowAnonymous: 'yes'}               | /auth/allowAnonymous
            auth: {issuerUri: issuer.example.com}       | /auth/issuerUri
            kafka: {bootstrapServers: kafka}            | /kafka/bootstrapServers
            kafka: {bootstrapServers: 'a:1, b:2'}       | /kafka/bootstrapServers
            kafka: {securityProtocol: TLS}              | /kafka/securityProtocol
            kafka: {topics: {replicationFactor: 0}}     | /kafka/topics/replicationFactor
            kafka: {bootstrap: 'kafka:9092'}            | bootstrap
            layout: both                                | /layout
            replicas: 3                                 | replicas
            edge: {replicas: 'two'}                     | /edge/replicas
            history: {storage: {size: 10}}              | /history/storage/size
            history: {replicas: 0}                      | /history/replicas
            ingress: {paths: [/]}                       | /ingress/paths/0
            httpRoute: {paths: [/graphql, /peer/inbox]} | /httpRoute/paths/1
            settings: {CHATQL_AUTH_MODE: none}          | CHATQL_AUTH_MODE
            settings: {chatql.auth.mode: none}          | chatql.auth.mode
            drainSeconds: 20s                           | /drainSeconds
            drainSeconds: '3601'                        | /drainSeconds
            service: {port: '65536'}                    | /service/port
            history: {replicas: '01'}                   | /history/replicas
            history: {replicas: null}                   | replicas
            edge: null                                  | edge
            podSecurityContext: {runAsUser: 0}          | /podSecurityContext/runAsUser
            extraEnv: [{name: CHATQL_AUTH_MODE}]        | /extraEnv/0/name
            extraVolumes: [{name: tmp}]                 | /extraVolumes/0/name
            edge: {podLabels: {chatql/edge: 'false'}}   | chatql/edge
            """)
    void invalidValuesAreRejectedBySchemaWithPath(String values, String where) {
        assertThatThrownBy(() -> Chart.render(values))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(where);
    }

    /** As `--set-string` and many other tools set values. */
    @Test
    void wholeNumbersAreAcceptedAsText() {
        String numbers = """
                edge: {autoscaling: {minReplicas: %1$s3%1$s, maxReplicas: %1$s9%1$s, cpuUtilization: %1$s60%1$s}}
                history: {replicas: %1$s3%1$s, standbyReplicas: %1$s2%1$s}
                service: {type: NodePort, port: %1$s8000%1$s, nodePort: %1$s30080%1$s}
                drainSeconds: %1$s30%1$s
                preStopSeconds: %1$s0%1$s
                proxies: %1$s2%1$s
                tracing: {endpoint: 'http://collector:4318/v1/traces', probability: %1$s0.5%1$s}
                networkPolicy: {kafkaPorts: [%1$s9094%1$s]}
                podSecurityContext: {runAsUser: %1$s1000%1$s}
                """;

        assertThat(Chart.render(KAFKA + ANONYMOUS + numbers.formatted("'")))
                .isEqualTo(Chart.render(KAFKA + ANONYMOUS + numbers.formatted("")))
                .contains("minReplicas: 3", "nodePort: 30080", "terminationGracePeriodSeconds: 35");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a.release                                | false
            1release                                 | false
            a-release                                | true
            a-release-with-a-name-of-thirty-nine--a  | true
            a-release-with-a-name-of-forty-characte. | true
            """)
    void releaseNameInvalidForServiceIsRejected(String release, boolean valid) {
        String values = KAFKA + ANONYMOUS + "nameOverride: release";

        if (valid) {
            assertThat(Yaml.documents(Chart.render(release.replaceAll("\\.$", "-x"), values)))
                    .isNotEmpty()
                    .allSatisfy(
                            manifest -> assertThat(manifest.at("/metadata/name").asText())
                                    .matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?"));
        } else {
            assertThatThrownBy(() -> Chart.render(release, values))
                    .hasMessageContaining("cannot be the name of a Service");
        }
    }

    @ParameterizedTest
    @EnumSource
    void helmLintReportsNothing(Installation installation) {
        var lint = Chart.lint(installation.text());

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
        assertThat(lint.getMessages())
                .noneMatch(message -> message.contains("[WARNING]") || message.contains("[ERROR]"));
    }
}
