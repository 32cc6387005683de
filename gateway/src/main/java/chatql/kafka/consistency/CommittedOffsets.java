package chatql.kafka.consistency;

import chatql.kafka.client.SingleFlight;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/**
 * The offsets that the consumer group of the history pods has committed for its source topics. Concurrent callers share
 * one request.
 */
public final class CommittedOffsets {
    private final SingleFlight<Map<TopicPartition, OffsetAndMetadata>> offsets;

    public CommittedOffsets(Admin admin, String group) {
        this.offsets = new SingleFlight<>(() -> Mono.fromCompletionStage(() -> admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage()));
    }

    /** The committed offsets of every partition. */
    public Mono<Map<TopicPartition, OffsetAndMetadata>> all() {
        return offsets.get();
    }
}
