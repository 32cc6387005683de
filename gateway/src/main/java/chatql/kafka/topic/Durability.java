package chatql.kafka.topic;

import java.util.ArrayList;
import java.util.List;

/**
 * What makes a topic's acknowledged records last.
 *
 * @param brokers of the cluster
 * @param replicas of the partition that has the fewest
 * @param minInSync {@code min.insync.replicas}
 * @param unclean {@code unclean.leader.election.enable}
 */
record Durability(String topic, int brokers, int replicas, int minInSync, boolean unclean) {
    /** From so many on, two can be in sync while one is away. */
    private static final int ENOUGH = 3;

    /** What may cost acknowledged messages, and what to do about it; a sentence for each. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (replicas == 1 && brokers > 1) {
            warnings.add(
                    "Topic %s has 1 replica in a cluster of %d brokers: the loss of a disk loses messages; give it %d with kafka-reassign-partitions"
                            .formatted(topic, brokers, Math.min(brokers, ENOUGH)));
        }
        if (replicas >= ENOUGH && minInSync < 2) {
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
