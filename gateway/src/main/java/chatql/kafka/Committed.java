package chatql.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** How far the group of the history pods has committed the topic of messages. */
final class Committed {
    private final Admin admin;
    private final String group;
    private final String topic;

    Committed(Admin admin, String group, String topic) {
        this.admin = admin;
        this.group = group;
        this.topic = topic;
    }

    /** The offset below which all records are in the stores; empty when none was committed. */
    Mono<Long> of(int partition) {
        return Mono.fromCompletionStage(() -> admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .toCompletionStage())
                .mapNotNull(offsets -> offsets.get(new TopicPartition(topic, partition)))
                .map(committed -> committed.offset());
    }
}
