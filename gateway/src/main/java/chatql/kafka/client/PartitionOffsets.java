package chatql.kafka.client;

import chatql.kafka.topic.KeyPartitioner;
import chatql.user.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** How far the partitions of the topic of messages reach, asked of the broker, once for all who ask at the same time. */
public final class PartitionOffsets {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Admin admin;
    private final String topic;
    private final KeyPartitioner keyPartitioner;
    private final List<SingleFlight<Range>> ranges;

    public PartitionOffsets(Admin admin, String topic, KeyPartitioner keyPartitioner) {
        this.admin = admin;
        this.topic = topic;
        this.keyPartitioner = keyPartitioner;
        this.ranges = IntStream.range(0, keyPartitioner.count())
                .mapToObj(partition -> new SingleFlight<>(() -> ask(partition)))
                .toList();
    }

    /**
     * The offsets that are kept and can be read: from {@code begin}, below {@code end}.
     *
     * @param end the last stable offset: what stands from there on waits for a transaction to end
     * @param highWatermark the offset that the partition's next record will get
     */
    public record Range(int partition, long begin, long end, long highWatermark) {}

    public Mono<Range> of(UserId user) {
        return of(keyPartitioner.of(user));
    }

    public Mono<Range> of(int partition) {
        return ranges.get(partition).get();
    }

    private Mono<Range> ask(int partition) {
        return Mono.zip(
                        offset(partition, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED),
                        offset(partition, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED),
                        offset(partition, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED))
                .map(range -> new Range(partition, range.getT1(), range.getT2(), range.getT3()))
                .timeout(TIMEOUT);
    }

    private Mono<Long> offset(int partition, OffsetSpec spec, IsolationLevel isolation) {
        var place = new TopicPartition(topic, partition);
        var options = new ListOffsetsOptions(isolation);
        return Mono.fromCompletionStage(() -> admin.listOffsets(Map.of(place, spec), options)
                        .partitionResult(place)
                        .toCompletionStage())
                .map(ListOffsetsResultInfo::offset);
    }
}
