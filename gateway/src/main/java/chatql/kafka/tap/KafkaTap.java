package chatql.kafka.tap;

import chatql.delivery.LiveSubscription;
import chatql.delivery.Tap;
import chatql.kafka.client.BackgroundTask;
import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.identity.LogMarks;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.OriginalPosition;
import chatql.kafka.topic.KeyPartitioner;
import chatql.lifecycle.LifecyclePhase;
import chatql.message.Cursor;
import chatql.message.Epochs;
import chatql.message.LogChanged;
import chatql.message.LogUnavailable;
import chatql.tracing.MessageTracing;
import chatql.user.UserId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.receiver.ReceiverPartition;
import reactor.util.retry.Retry;

/**
 * The tap on the topic of messages: one receiver for the pod, with all partitions assigned and those paused in which
 * nobody here listens, for what is paused isn't fetched. It belongs to no group and commits nothing.
 */
public final class KafkaTap extends BackgroundTask implements Tap, PartitionFeed.PartitionControl {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTap.class);
    private static final Duration MAX_OPENING_TIME = Duration.ofSeconds(5);
    private static final int OPENINGS = 6;
    private final String topic;
    private final Epochs epochs;
    private final KeyPartitioner keyPartitioner;
    private final PartitionOffsets partitionOffsets;
    private final LogIdentityWatch watch;
    private final LogMarks marks;
    private final List<PartitionFeed> partitionFeeds;
    private final LiveRecordReader liveRecordReader;
    private final KafkaReceiver<String, byte[]> receiver;
    private final AtomicLong restarts = new AtomicLong();
    private final DispatchCounters dispatchCounters = new DispatchCounters();
    private volatile @Nullable Throwable failure;

    public KafkaTap(
            String topic,
            Epochs epochs,
            KeyPartitioner keyPartitioner,
            PartitionOffsets partitionOffsets,
            LogIdentityWatch watch,
            LogMarks marks,
            ReceiverOptions<String, byte[]> options,
            LaneFactory lanes,
            MessageTracing traces) {
        super(LifecyclePhase.TAP);
        this.topic = topic;
        this.liveRecordReader = new LiveRecordReader(topic, epochs, keyPartitioner, traces);
        this.epochs = epochs;
        this.keyPartitioner = keyPartitioner;
        this.partitionOffsets = partitionOffsets;
        this.watch = watch;
        this.marks = marks;
        this.partitionFeeds = IntStream.range(0, keyPartitioner.count())
                .mapToObj(partition -> lanes.partitionFeed(partition, this))
                .toList();
        this.receiver = KafkaReceiver.create(
                BoundedConsumers.INSTANCE,
                options.assignment(this.partitionFeeds.stream()
                                .map(this::topicPartition)
                                .toList())
                        .addAssignListener(this::assigned));
    }

    public interface LaneFactory {
        PartitionFeed partitionFeed(int partition, PartitionFeed.PartitionControl partitionControl);
    }

    private TopicPartition topicPartition(PartitionFeed partitionFeed) {
        return new TopicPartition(topic, partitionFeed.partition());
    }

    @Override
    public LiveSubscription subscribe(UserId user) {
        return partitionFeeds.get(keyPartitioner.of(user)).subscribe(user);
    }

    /** How many listen to it. */
    int subscribers() {
        return partitionFeeds.stream()
                .mapToInt(partitionFeed -> partitionFeed.listeners().size())
                .sum();
    }

    /** How many partitions it reads. */
    int openPartitions() {
        return (int) partitionFeeds.stream().filter(PartitionFeed::isOpen).count();
    }

    /** How often it had to begin again since the start. */
    long restarts() {
        return restarts.get();
    }

    /** What became of the records that it has read. */
    DispatchCounters counters() {
        return dispatchCounters;
    }

    /** By partition that it reads, how many records it has not read yet. */
    public Mono<Map<Integer, Long>> lags() {
        return receiver.doOnConsumer(consumer -> partitionFeeds.stream()
                .filter(PartitionFeed::isOpen)
                .collect(Collectors.toMap(
                        PartitionFeed::partition,
                        partitionFeed -> consumer.currentLag(topicPartition(partitionFeed))
                                .orElse(0))));
    }

    /** Why the tap isn't reading now; null while it is. */
    @Nullable
    public Throwable failure() {
        return failure;
    }

    // --- the receiver's life

    @Override
    protected Disposable begin() {
        return watch.changed(topic)
                .switchMap(changed -> changed ? ended() : read())
                .subscribe();
    }

    /** It reads no more until the topic is again what it was, for Kafka's clients ask for a lost one several times a second. */
    private Flux<Object> ended() {
        return Flux.empty().doFirst(() -> partitionFeeds.forEach(partitionFeed -> partitionFeed.end(LogChanged::new)));
    }

    private Flux<Object> read() {
        partitionFeeds.forEach(PartitionFeed::resume);
        return receiver.receive()
                .doOnSubscribe(subscription -> pauseClosed())
                .doOnNext(this::dispatch)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                        .maxBackoff(Duration.ofSeconds(5))
                        .transientErrors(true)
                        .doBeforeRetry(retry -> failed(retry.failure())))
                .cast(Object.class);
    }

    private void failed(Throwable cause) {
        failure = cause;
        restarts.incrementAndGet();
        watch.lookSoon();
        LOG.warn("The tap stopped reading and begins again where it was: {}", cause.toString());
        if (cause instanceof LogTruncationException truncated) {
            truncated.divergentOffsets().forEach((place, last) -> marks.diverged(place.partition(), last.offset()));
        }
        if (cause instanceof OffsetOutOfRangeException lost) {
            lost.partitions().forEach(place -> onOffsetOutOfRange(partitionFeeds.get(place.partition())));
        }
    }

    private void onOffsetOutOfRange(PartitionFeed partitionFeed) {
        long read = partitionFeed.listeners().next() - 1;
        partitionFeed.onOffsetOutOfRange(
                new Cursor(epochs.of(partitionFeed.partition(), read), 0, partitionFeed.partition(), read));
    }

    private void assigned(Collection<ReceiverPartition> assigned) {
        failure = null;
        assigned.forEach(partition -> {
            PartitionFeed partitionFeed =
                    partitionFeeds.get(partition.topicPartition().partition());
            if (partitionFeed.isOpen()) {
                partition.seek(partitionFeed.listeners().next());
            } else {
                partition.seekToEnd();
            }
        });
    }

    /** The receiver pauses and resumes all partitions to hold back the flow; only what is paused in this way stays so. */
    private void pauseClosed() {
        receiver.doOnConsumer(consumer -> {
                    consumer.pause(partitionFeeds.stream()
                            .filter(partitionFeed -> !partitionFeed.isOpen())
                            .map(this::topicPartition)
                            .toList());
                    return true;
                })
                .subscribe(done -> {}, gone -> LOG.debug("The receiver ended", gone));
    }

    // --- opening and closing

    @Override
    public Mono<Long> open(int partition) {
        return partitionOffsets
                .of(partition)
                .flatMap(range -> receiver.doOnConsumer(consumer -> readFrom(partition, range.end(), consumer)))
                .timeout(MAX_OPENING_TIME)
                .retryWhen(Retry.backoff(OPENINGS, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(2)))
                .onErrorMap(cause -> watch.isChanged(topic)
                        ? new LogChanged()
                        : new LogUnavailable("The log is not available now", cause));
    }

    private Long readFrom(int partition, long end, Consumer<String, byte[]> consumer) {
        var place = new TopicPartition(topic, partition);
        consumer.seek(place, end);
        consumer.resume(List.of(place));
        return end;
    }

    @Override
    public void close(int partition) {
        receiver.doOnConsumer(consumer -> {
                    consumer.pause(List.of(new TopicPartition(topic, partition)));
                    return true;
                })
                .subscribe(done -> {}, gone -> LOG.debug("The receiver ended", gone));
    }

    // --- dispatch

    private void dispatch(ConsumerRecord<String, byte @Nullable []> record) {
        marks.reached(record.partition(), record.offset() + 1);
        String key = record.key();
        // No subscriber has a longer one, and it would be remembered.
        if (key != null && key.length() <= UserId.MAX_LENGTH) {
            PartitionFeed partitionFeed = partitionFeeds.get(record.partition());
            boolean isNew = isNew(record, key, partitionFeed);
            dispatchCounters.count(
                    partitionFeed.listeners().dispatch(record.offset(), key, () -> liveRecordReader.of(record, isNew)));
        }
    }

    private static boolean isNew(
            ConsumerRecord<String, byte @Nullable []> record, String key, PartitionFeed partitionFeed) {
        String id = MessageHeaders.clientMessageId(record.headers());
        boolean isNew = id == null
                || partitionFeed.isNew(
                        new RecentMessageIds.Id(key, id), record.offset(), MessageHeaders.checked(record.headers()));
        // It may have been written again before, and however long ago: only the store knows.
        return isNew && !OriginalPosition.isIn(record.headers());
    }
}
