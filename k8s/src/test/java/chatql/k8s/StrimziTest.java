package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.StrimziAclOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The resources for Strimzi. */
@NeedsHelm
class StrimziTest {
    private static final String CLUSTER = "strimzi.io/cluster";

    @Test
    void topicsEqualThoseCreatedByGateway() {
        Map<String, KafkaTopic> topics = Installation.STRIMZI
                .all(KafkaTopic.class)
                .collect(Collectors.toMap(topic -> topic.getSpec().getTopicName(), topic -> topic));

        assertThat(topics)
                .containsOnlyKeys(
                        "chat.messages", "chat.users", "chat.sent", "chat.messages.dlt", "chat.repair-checkpoints");
        assertThat(topics.get("chat.messages").getSpec().getConfig())
                .containsEntry("message.timestamp.type", "LogAppendTime")
                .containsEntry("retention.ms", -1);
        assertThat(topics.get("chat.sent").getSpec().getConfig()).containsEntry("retention.ms", 604_800_000);
        assertThat(topics.values())
                .allSatisfy(topic -> assertThat(topic.getSpec().getConfig())
                        .containsEntry(
                                "cleanup.policy",
                                topic.getSpec().getTopicName().equals("chat.repair-checkpoints") ? "compact" : "delete")
                        .containsEntry("max.message.bytes", 1_048_588)
                        .containsEntry("min.insync.replicas", 2));
        assertThat(List.of("chat.messages", "chat.sent"))
                .allMatch(name -> topics.get(name).getSpec().getPartitions() == 12);
        assertThat(List.of("chat.users", "chat.messages.dlt", "chat.repair-checkpoints"))
                .allMatch(name -> topics.get(name).getSpec().getPartitions() == 1);
    }

    @Test
    void resourcesBelongToOneCluster() {
        Kafka cluster = Installation.STRIMZI.all(Kafka.class).findFirst().orElseThrow();
        String name = cluster.getMetadata().getName();

        assertThat(Installation.STRIMZI.manifests())
                .filteredOn(manifest -> manifest instanceof KafkaNodePool
                        || manifest instanceof KafkaTopic
                        || manifest instanceof KafkaUser)
                .hasSize(7)
                .extracting(HasMetadata::getMetadata)
                .allMatch(metadata -> name.equals(metadata.getLabels().get(CLUSTER)));
        assertThat(Installation.STRIMZI.settings())
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", name + "-kafka-bootstrap:9093");
        assertThat(cluster.getSpec().getKafka().getListeners()).singleElement().satisfies(listener -> {
            assertThat(listener.getPort()).isEqualTo(9093);
            assertThat(listener.isTls()).isTrue();
            assertThat(listener.getAuth().getType()).isEqualTo("scram-sha-512");
        });
    }

    @Test
    void userHasOnlyPermissionsThatGatewayNeeds() {
        assertThat(rules(Installation.STRIMZI))
                .noneMatch(rule -> rule.getOperations().contains(StrimziAclOperation.ALL))
                .extracting(rule -> rule.getResource().getType())
                .containsExactly("topic", "topic", "group");
        assertThat(rules(Installation.STRIMZI).getFirst()).satisfies(rule -> {
            assertThat(((AclRuleTopicResource) rule.getResource()).getName()).isEqualTo("chat.");
            assertThat(rule.getOperations())
                    .contains(StrimziAclOperation.READ, StrimziAclOperation.WRITE, StrimziAclOperation.DESCRIBECONFIGS)
                    .doesNotContain(StrimziAclOperation.DELETE);
        });
    }

    @Test
    void existingClusterGetsUserOnly() {
        assertThat(Installation.FOREIGN_STRIMZI.manifests())
                .filteredOn(manifest -> manifest.getApiVersion().startsWith("kafka.strimzi.io/"))
                .singleElement()
                .satisfies(user -> assertThat(user.getMetadata().getLabels()).containsEntry(CLUSTER, "events"));
        assertThat(((AclRuleTopicResource)
                                rules(Installation.FOREIGN_STRIMZI).get(1).getResource())
                        .getName())
                .isEqualTo("talk-");
    }

    @Test
    void trialKafkaIsSingleBrokerWithoutReplication() throws IOException {
        String values = Files.readString(Chart.K8S.resolve("values-trial.yaml"))
                        .replace("strimzi:\n", "strimzi:\n  enabled: true\n")
                + "auth: {mode: none, allowAnonymous: true}\n";

        List<HasMetadata> manifests = Yaml.documents(Chart.render(values)).stream()
                .map(ApiTypes::read)
                .toList();

        assertThat(manifests)
                .filteredOn(KafkaNodePool.class::isInstance)
                .singleElement()
                .satisfies(pool -> assertThat(((KafkaNodePool) pool).getSpec().getReplicas())
                        .isEqualTo(1));
        assertThat(manifests)
                .filteredOn(KafkaTopic.class::isInstance)
                .hasSize(5)
                .allSatisfy(topic -> {
                    assertThat(((KafkaTopic) topic).getSpec().getReplicas()).isEqualTo(1);
                    assertThat(((KafkaTopic) topic).getSpec().getConfig()).containsEntry("min.insync.replicas", 1);
                });
    }

    private static List<AclRule> rules(Installation installation) {
        KafkaUser user = installation.all(KafkaUser.class).findFirst().orElseThrow();
        return ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization()).getAcls();
    }
}
