package chatql.kafka;

import chatql.user.UserId;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** How far the partitions of the topic of messages reach, asked of the broker each time. */
final class Offsets {
    private final Admin admin;
    private final String topic;
    private final Partitions partitions;

    Offsets(Admin admin, String topic, Partitions partitions) {
        this.admin = admin;
        this.topic = topic;
        this.partitions = partitions;
    }

    /** The offsets that are kept: from {@code begin}, below {@code end}. */
    record Range(int partition, long begin, long end) {}

    Mono<Range> of(UserId user) {
        int partition = partitions.of(user);
        return Mono.zip(offset(partition, OffsetSpec.earliest()), end(partition))
                .map(range -> new Range(partition, range.getT1(), range.getT2()));
    }

    /** The offset that the partition's next message will get. */
    Mono<Long> end(int partition) {
        return offset(partition, OffsetSpec.latest());
    }

    private Mono<Long> offset(int partition, OffsetSpec spec) {
        var at = new TopicPartition(topic, partition);
        var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return mono(() -> admin.listOffsets(Map.of(at, spec), options).partitionResult(at))
                .map(ListOffsetsResultInfo::offset);
    }

    private static <T> Mono<T> mono(java.util.function.Supplier<KafkaFuture<T>> asked) {
        return Mono.fromCompletionStage(
                () -> Objects.requireNonNull(asked.get()).toCompletionStage());
    }
}
