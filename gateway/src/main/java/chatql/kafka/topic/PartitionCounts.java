package chatql.kafka.topic;

import chatql.kafka.failure.TopicMismatch;

/**
 * Holds the numbers of partitions of the topics that are there against the settings, and says what an operator can do.
 *
 * <p>A user's messages stand where the number of partitions puts them. With another number, those that stand elsewhere are
 * written again where they belong, like another service's misplaced records; so the gateway can serve any
 * number. The topic of sent messages is derived, and must have the same number.
 *
 * @param found without those that do not exist: they are created as they are set
 */
record PartitionCounts(TopicSettings settings, LogIdentity found) {
    /** Throws {@link TopicMismatch} for the first topic that does not fit. */
    void check() {
        int messages = partitions(settings.messages(), settings.partitions());
        int sent = partitions(settings.sent(), messages);
        int users = partitions(settings.users(), settings.userPartitions());
        if (messages != settings.partitions()) {
            throw mismatch(
                    settings.messages(), messages, settings.partitions(), sent == messages ? set() : setAndDelete());
        }
        if (sent != messages) {
            throw mismatch(settings.sent(), sent, messages, delete());
        }
        if (users != settings.userPartitions()) {
            throw mismatch(settings.users(), users, settings.userPartitions(), setUsers());
        }
    }

    private int partitions(String topic, int otherwise) {
        return found.topic(topic).map(LogIdentity.Topic::partitions).orElse(otherwise);
    }

    private static TopicMismatch mismatch(String topic, int actual, int wanted, String remedy) {
        return new TopicMismatch(
                "Topic %s has %d partitions and the gateway is set to %d: it would look for what stands there in the wrong ones"
                        .formatted(topic, actual, wanted),
                remedy);
    }

    private String set() {
        return "Set chatql.topics.partitions to " + partitions(settings.messages(), 0);
    }

    private String setAndDelete() {
        return "Stop all pods, delete topic %s, which is derived and is created anew, set chatql.topics.partitions to %d for all pods, and start them"
                .formatted(settings.sent(), partitions(settings.messages(), 0));
    }

    private String delete() {
        return "Stop all pods, delete topic %s, which is derived and is created anew, and start them"
                .formatted(settings.sent());
    }

    private String setUsers() {
        return "Set chatql.topics.user-partitions to %d if the topic was created so; if partitions were added, create it anew with %d and copy its records into it in their order, for users' ids follow from both"
                .formatted(partitions(settings.users(), 0), settings.userPartitions());
    }
}
