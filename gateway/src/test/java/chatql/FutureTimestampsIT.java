package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaBroker.class)
class FutureTimestampsIT {
    private static final Duration AHEAD = Duration.ofDays(2);
    private static final int PARTITIONS = 4;

    @Test
    void recordAheadOfClockIsStoredEvenWithOldDerivedTopics() throws Exception {
        try (var world = new World();
                var admin =
                        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.bootstrapServers()))) {
            // The topics as an earlier release created them, and the topic of messages before its repair.
            admin.createTopics(List.of(
                            old(world, "messages", PARTITIONS)
                                    .configs(Map.of(
                                            TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                                            String.valueOf(Long.MAX_VALUE))),
                            old(world, "sent", PARTITIONS),
                            old(world, "messages.dlt", 1)))
                    .all()
                    .get();
            long ahead = System.currentTimeMillis() + AHEAD.toMillis();
            try (var topic = new Topic(world, Map.of())) {
                topic.sendAt(ahead, "1", "2", "ahead").get();
                topic.sendAt(ahead, "1", "2", "ahead, too").get();
                topic.sendRawAt(ahead, "2", "no message").get();
            }
            stampWhenAppended(admin, world.topic("messages"));

            Pod pod = world.pod();
            pod.chat().send("1", "2", "now");

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(contents(pod, "2")).containsExactly("ahead", "ahead, too", "now"));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(contents(pod, "1")).containsExactly("ahead", "ahead, too", "now"));
            assertThat(TopicRecords.all(world.topic("messages.dlt"), 1)).hasSize(1);
        }
    }

    private static NewTopic old(World world, String name, int partitions) {
        return new NewTopic(world.topic(name), partitions, (short) 1)
                .configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime"));
    }

    private static void stampWhenAppended(Admin admin, String topic) throws Exception {
        var stamped = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(stamped)))
                .all()
                .get();
    }

    private static List<String> contents(Pod pod, String user) {
        var answer = pod.chat().messages(user);
        assertThat(answer.get("success").booleanValue()).isTrue();
        return answer.get("messages")
                .valueStream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }
}
