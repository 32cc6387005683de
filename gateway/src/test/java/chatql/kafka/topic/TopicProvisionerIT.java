package chatql.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chatql.KafkaBroker;
import chatql.kafka.failure.TopicMismatch;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(KafkaBroker.class)
class TopicProvisionerIT {
    private final TopicSettings settings = new TopicSettings("topics-" + UUID.randomUUID() + ".", 3, 1, (short) 1);
    private static final Map<String, Object> CONNECTION =
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.bootstrapServers());

    private Admin admin;

    @BeforeEach
    void connect() {
        admin = Admin.create(CONNECTION);
    }

    @AfterEach
    void leave() {
        admin.close();
    }

    @Test
    void missingTopicsAreCreatedAndExistingOnesAreKept() throws Exception {
        LogIdentity created = topicProvisioner().prepare();

        assertThat(partitions(settings.messages())).isEqualTo(3);
        assertThat(partitions(settings.sent())).isEqualTo(3);
        assertThat(partitions(settings.users())).isEqualTo(1);
        assertThat(topicProvisioner().prepare()).isEqualTo(created);
    }

    @Test
    void differentPartitionCountIsRejectedAndNotChanged() throws Exception {
        create(settings.messages(), 2, "LogAppendTime");

        assertThatThrownBy(topicProvisioner()::prepare)
                .isInstanceOf(TopicMismatch.class)
                .hasMessageContaining(settings.messages() + " has 2 partitions, but the gateway is set to 3");
        assertThat(partitions(settings.messages())).isEqualTo(2);
    }

    /** A broker lists a new topic some milliseconds after it was created. */
    @Test
    void topicThatIsNotListedYetIsRejectedAndNotEnlarged() throws Exception {
        ListTopicsResult before = admin.listTopics();
        before.names().get();
        create(settings.messages(), 2, "LogAppendTime");

        try (var late = new ForwardingAdmin(CONNECTION) {
            @Override
            public ListTopicsResult listTopics(ListTopicsOptions options) {
                return before;
            }
        }) {
            assertThatThrownBy(new TopicProvisioner(settings, late)::prepare)
                    .isInstanceOf(TopicMismatch.class)
                    .hasMessageContaining(settings.messages() + " has 2 partitions");
        }
        assertThat(partitions(settings.messages())).isEqualTo(2);
    }

    @Test
    void createTimeTimestampsAreRejected() throws Exception {
        create(settings.messages(), 3, "CreateTime");

        assertThatThrownBy(topicProvisioner()::prepare)
                .isInstanceOf(TopicMismatch.class)
                .hasMessageContaining("LogAppendTime");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void uncleanElectionIsLoggedAsWarning(CapturedOutput output) throws Exception {
        create(
                settings.messages(),
                3,
                Map.of("message.timestamp.type", "LogAppendTime", "unclean.leader.election.enable", "true"));

        topicProvisioner().prepare();

        assertThat(output)
                .containsOnlyOnce("Topic " + settings.messages() + " has unclean.leader.election.enable=true: a replica"
                        + " that lacks acknowledged messages may lead; set it to false");
    }

    private TopicProvisioner topicProvisioner() {
        return new TopicProvisioner(settings, admin);
    }

    private void create(String topic, int partitions, String timestamps) throws Exception {
        create(topic, partitions, Map.of("message.timestamp.type", timestamps));
    }

    private void create(String topic, int partitions, Map<String, String> config) throws Exception {
        var wanted = new NewTopic(topic, partitions, (short) 1);
        admin.createTopics(List.of(wanted.configs(config))).all().get();
    }

    private int partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }
}
