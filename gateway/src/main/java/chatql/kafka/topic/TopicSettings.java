package chatql.kafka.topic;

import chatql.setting.PropertyConstraints;
import java.util.Objects;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of Kafka topics.
 *
 * @param prefix of every topic's name
 * @param partitions of the topics of messages; fixed by the first start, because a user's messages stay in their
 *     partition
 * @param userPartitions of the topic of users; with 1, user ids are 1, 2, 3 and so on
 * @param replicationFactor of topics that the gateway creates; -1 for the broker's default
 */
@ConfigurationProperties("chatql.topics")
public record TopicSettings(
        @DefaultValue("chat.") String prefix,
        @DefaultValue("12") int partitions,
        @DefaultValue("1") int userPartitions,
        @DefaultValue("-1") short replicationFactor) {

    public TopicSettings {
        var allowed = new PropertyConstraints("chatql.topics");
        allowed.kafkaName("prefix", prefix, 0);
        allowed.number("partitions", partitions, 1, MAX_PARTITIONS);
        allowed.number("user-partitions", userPartitions, 1, MAX_PARTITIONS);
        allowed.that(
                replicationFactor == -1 || replicationFactor >= 1,
                "replication-factor",
                replicationFactor,
                "-1 or a number from 1 to 32767");
    }

    /** More than any cluster has per topic. Each partition is a task and a store on disk. */
    private static final int MAX_PARTITIONS = 10_000;

    /** Checks the number of a partition of messages. Throws if there is no such partition. */
    public int partition(int number) {
        return Objects.checkIndex(number, partitions);
    }

    /** Checks the number of a partition of users. Throws if there is no such partition. */
    public int userPartition(int number) {
        return Objects.checkIndex(number, userPartitions);
    }

    public String messages() {
        return prefix + "messages";
    }

    public String sent() {
        return prefix + "sent";
    }

    public String users() {
        return prefix + "users";
    }

    public String deadLetters() {
        return prefix + "messages.dlt";
    }

    public String repairCheckpoints() {
        return prefix + "repair-checkpoints";
    }
}
