package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What can't be installed, and what is said to whoever tries. */
@NeedsHelm
class RefusalsTest {
    private static final String KAFKA = "kafka: {bootstrapServers: 'kafka:9092'}\n";
    private static final String ANONYMOUS = "auth: {mode: none, allowAnonymous: true}\n";

    @Test
    void withoutAnyValuesBothThatAreMissingAreNamed() {
        assertThatThrownBy(() -> Chart.render("{}"))
                .hasMessageContaining("kafka.bootstrapServers is not set: name your Kafka cluster as host:port")
                .hasMessageContaining("auth.mode is not set: say jwt")
                .hasMessageContaining("Nothing is open to everyone by accident.");
    }

    @Test
    void whatIsSaidIsEnough() {
        assertThat(Chart.render(KAFKA + ANONYMOUS)).contains("kind: StatefulSet", "kind: Deployment");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            auth: {mode: none}                                              | if that is meant, set auth.allowAnonymous=true as well
            auth: {mode: jwt, audience: chatql}                             | needs auth.issuerUri or auth.jwksUri: whose tokens count
            auth: {mode: jwt, issuerUri: 'https://issuer.example.com'}      | needs auth.audience
            auth: {mode: jwt, jwksUri: 'https://i', audience: a, allowAnonymous: true} | with jwt, nobody is anonymous
            """)
    void whoMayComeInIsSaidInFull(String auth, String sentence) {
        assertThatThrownBy(() -> Chart.render(KAFKA + auth)).hasMessageContaining(sentence);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            kafka: {bootstrapServers: 'k:1', securityProtocol: SASL_SSL}     | SASL_SSL needs kafka.sasl.mechanism
            kafka: {bootstrapServers: 'k:1', securityProtocol: SASL_SSL}     | SASL_SSL needs kafka.sasl.existingSecret
            {kafka: {bootstrapServers: 'k:1'}, strimzi: {enabled: true}}     | are both set: say one of them
            {strimzi: {enabled: true, topics: {minInsyncReplicas: 4}}}       | no message could ever be acknowledged
            {strimzi: {enabled: true}, ingress: {enabled: true}}             | ingress.enabled=true needs ingress.host
            {strimzi: {enabled: true}, httpRoute: {enabled: true}}           | needs httpRoute.parentRefs
            {strimzi: {enabled: true}, edge: {autoscaling: {cpuUtilization: 0}}} | edge.autoscaling has nothing to go by
            {strimzi: {enabled: true}, edge: {autoscaling: {minReplicas: 11}}}   | minReplicas is above
            """)
    void whatDoesNotFitTogetherIsRefused(String values, String sentence) {
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
            """)
    void wrongValuesAreRefusedByTheSchemaWhichSaysWhere(String values, String where) {
        assertThatThrownBy(() -> Chart.render(values))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(where);
    }

    @ParameterizedTest
    @EnumSource
    void helmHasNothingToSayAgainstTheChart(Installation installation) {
        var lint = Chart.lint(installation.text());

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
        assertThat(lint.getMessages())
                .noneMatch(message -> message.contains("[WARNING]") || message.contains("[ERROR]"));
    }
}
