package chatql.kafka.consistency;

import chatql.kafka.client.SharedAnswer;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** How far the group of the history pods has committed the topics that it follows, asked once for all who ask at the same time. */
public final class Committed {
    private final SharedAnswer<Map<TopicPartition, OffsetAndMetadata>> offsets;

    public Committed(Admin admin, String group) {
        this.offsets = new SharedAnswer<>(() -> Mono.fromCompletionStage(() -> admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage()));
    }

    /** Of every partition. */
    public Mono<Map<TopicPartition, OffsetAndMetadata>> all() {
        return offsets.get();
    }
}
