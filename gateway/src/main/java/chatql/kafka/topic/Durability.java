package chatql.kafka.topic;

import java.util.ArrayList;
import java.util.List;

/**
 * The settings of a topic that decide whether acknowledged records survive failures.
 *
 * @param brokers the number of brokers in the cluster
 * @param replicas of the partition that has the fewest
 * @param minInSync {@code min.insync.replicas}
 * @param unclean {@code unclean.leader.election.enable}
 */
record Durability(String topic, int brokers, int replicas, int minInSync, boolean unclean) {
    /** With this many replicas, two stay in sync while one is down. */
    private static final int RECOMMENDED_REPLICAS = 3;

    /** The risks of losing acknowledged messages, each as a sentence with its remedy. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (replicas == 1 && brokers > 1) {
            warnings.add(
                    "Topic %s has 1 replica in a cluster of %d brokers: the loss of a disk loses messages; give it %d with kafka-reassign-partitions"
                            .formatted(topic, brokers, Math.min(brokers, RECOMMENDED_REPLICAS)));
        }
        if (replicas >= RECOMMENDED_REPLICAS && minInSync < 2) {
            warnings.add(
                    "Topic %s has min.insync.replicas=%d: the loss of one broker may lose acknowledged messages; set it to 2"
                            .formatted(topic, minInSync));
        }
        if (unclean) {
            warnings.add(
                    "Topic %s has unclean.leader.election.enable=true: a replica that lacks acknowledged messages may lead; set it to false"
                            .formatted(topic));
        }
        return warnings;
    }
}
