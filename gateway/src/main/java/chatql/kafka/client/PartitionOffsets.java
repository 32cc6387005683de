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

/** The offset ranges of the topic of messages. Concurrent callers share one request to the broker. */
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
                .mapToObj(partition -> new SingleFlight<>(() -> request(partition)))
                .toList();
    }

    /**
     * The retained and readable offsets of a partition: from {@code begin}, below {@code end}.
     *
     * @param end the last stable offset, before any open transaction
     * @param highWatermark the offset of the partition's next record
     */
    public record Range(int partition, long begin, long end, long highWatermark) {}

    public Mono<Range> of(UserId user) {
        return of(keyPartitioner.of(user));
    }

    public Mono<Range> of(int partition) {
        return ranges.get(partition).get();
    }

    private Mono<Range> request(int partition) {
        return Mono.zip(
                        offset(partition, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED),
                        offset(partition, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED),
                        offset(partition, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED))
                .map(range -> new Range(partition, range.getT1(), range.getT2(), range.getT3()))
                .timeout(TIMEOUT);
    }

    private Mono<Long> offset(int partition, OffsetSpec spec, IsolationLevel isolation) {
        var topicPartition = new TopicPartition(topic, partition);
        var options = new ListOffsetsOptions(isolation);
        return Mono.fromCompletionStage(() -> admin.listOffsets(Map.of(topicPartition, spec), options)
                        .partitionResult(topicPartition)
                        .toCompletionStage())
                .map(ListOffsetsResultInfo::offset);
    }
}
