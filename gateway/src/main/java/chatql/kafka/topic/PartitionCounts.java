package chatql.kafka.topic;

import chatql.kafka.failure.TopicMismatch;

/**
 * Compares the topics' numbers of partitions with the settings, and names a remedy for each mismatch.
 *
 * <p>The number of partitions determines the partition of a user's messages. With another number, existing messages in
 * the wrong partition are rerouted, as misplaced records of other services are. So the gateway can serve any number.
 * The topic of sent messages is derived and must have the same number.
 *
 * @param found the existing topics; missing ones are created with the configured numbers
 */
record PartitionCounts(TopicSettings settings, LogIdentity found) {
    /** Throws {@link TopicMismatch} for the first topic that does not match. */
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
                "Topic %s has %d partitions, but the gateway is set to %d: it would look for existing records in the wrong ones"
                        .formatted(topic, actual, wanted),
                remedy);
    }

    private String set() {
        return "Set chatql.topics.partitions to " + partitions(settings.messages(), 0);
    }

    private String setAndDelete() {
        return "Stop all pods, delete topic %s, which is derived and will be re-created, set chatql.topics.partitions to %d for all pods, and start them"
                .formatted(settings.sent(), partitions(settings.messages(), 0));
    }

    private String delete() {
        return "Stop all pods, delete topic %s, which is derived and will be re-created, and start them"
                .formatted(settings.sent());
    }

    private String setUsers() {
        return "Set chatql.topics.user-partitions to %d if the topic was created with that number; if partitions were added, re-create it with %d and copy its records into it in their order, because user ids depend on both"
                .formatted(partitions(settings.users(), 0), settings.userPartitions());
    }
}
