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
 * The tap on the topic of messages: one receiver per pod with all partitions assigned. Partitions without subscribers
 * on this pod are paused, because Kafka's consumer does not fetch paused partitions. The receiver has no consumer group
 * and commits nothing.
 */
public final class KafkaTap extends BackgroundTask implements Tap, PartitionFeed.PartitionControl {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTap.class);
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_OPEN_RETRIES = 6;
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
            FeedFactory partitionFeedFactory,
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
                .mapToObj(partition -> partitionFeedFactory.partitionFeed(partition, this))
                .toList();
        this.receiver = KafkaReceiver.create(
                BoundedConsumers.INSTANCE,
                options.assignment(this.partitionFeeds.stream()
                                .map(this::topicPartition)
                                .toList())
                        .addAssignListener(this::assigned));
    }

    public interface FeedFactory {
        PartitionFeed partitionFeed(int partition, PartitionFeed.PartitionControl partitionControl);
    }

    private TopicPartition topicPartition(PartitionFeed partitionFeed) {
        return new TopicPartition(topic, partitionFeed.partition());
    }

    @Override
    public LiveSubscription subscribe(UserId user) {
        return partitionFeeds.get(keyPartitioner.of(user)).subscribe(user);
    }

    /** The number of subscribers. */
    int subscribers() {
        return partitionFeeds.stream()
                .mapToInt(partitionFeed -> partitionFeed.subscribers().size())
                .sum();
    }

    /** The number of partitions that the tap reads. */
    int openPartitions() {
        return (int) partitionFeeds.stream().filter(PartitionFeed::isOpen).count();
    }

    /** How often the tap has restarted since the start. */
    long restarts() {
        return restarts.get();
    }

    /** Counts of the records that the tap has read. */
    DispatchCounters counters() {
        return dispatchCounters;
    }

    /** The number of records not yet read, by partition that the tap reads. */
    public Mono<Map<Integer, Long>> lags() {
        return receiver.doOnConsumer(consumer -> partitionFeeds.stream()
                .filter(PartitionFeed::isOpen)
                .collect(Collectors.toMap(
                        PartitionFeed::partition,
                        partitionFeed -> consumer.currentLag(topicPartition(partitionFeed))
                                .orElse(0))));
    }

    /** The reason why the tap is not reading; null while it is. */
    @Nullable
    public Throwable failure() {
        return failure;
    }

    // --- the lifecycle of the receiver

    @Override
    protected Disposable begin() {
        return watch.changed(topic)
                .switchMap(changed -> changed ? ended() : read())
                .subscribe();
    }

    /**
     * Stops reading until the topic is the original one again. Kafka's clients would ask for a deleted topic several
     * times per second.
     */
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
        watch.checkSoon();
        LOG.warn("The tap stopped reading and resumes from its last offsets: {}", cause.toString());
        if (cause instanceof LogTruncationException truncated) {
            truncated
                    .divergentOffsets()
                    .forEach((topicPartition, last) -> marks.diverged(topicPartition.partition(), last.offset()));
        }
        if (cause instanceof OffsetOutOfRangeException lost) {
            lost.partitions()
                    .forEach(topicPartition -> onOffsetOutOfRange(partitionFeeds.get(topicPartition.partition())));
        }
    }

    private void onOffsetOutOfRange(PartitionFeed partitionFeed) {
        long read = partitionFeed.subscribers().next() - 1;
        partitionFeed.onOffsetOutOfRange(
                new Cursor(epochs.of(partitionFeed.partition(), read), 0, partitionFeed.partition(), read));
    }

    private void assigned(Collection<ReceiverPartition> assigned) {
        failure = null;
        assigned.forEach(partition -> {
            PartitionFeed partitionFeed =
                    partitionFeeds.get(partition.topicPartition().partition());
            if (partitionFeed.isOpen()) {
                partition.seek(partitionFeed.subscribers().next());
            } else {
                partition.seekToEnd();
            }
        });
    }

    /**
     * Pauses the closed partitions through the consumer. The receiver pauses and resumes all partitions for
     * backpressure, and keeps only those paused that were paused in this way.
     */
    private void pauseClosed() {
        receiver.doOnConsumer(consumer -> {
                    consumer.pause(partitionFeeds.stream()
                            .filter(partitionFeed -> !partitionFeed.isOpen())
                            .map(this::topicPartition)
                            .toList());
                    return true;
                })
                .subscribe(
                        done -> {}, failure -> LOG.debug("The tap's receiver has ended; it cannot be paused", failure));
    }

    // --- opening and closing

    @Override
    public Mono<Long> open(int partition) {
        return partitionOffsets
                .of(partition)
                .flatMap(range -> receiver.doOnConsumer(consumer -> readFrom(partition, range.end(), consumer)))
                .timeout(OPEN_TIMEOUT)
                .retryWhen(
                        Retry.backoff(MAX_OPEN_RETRIES, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(2)))
                .onErrorMap(cause -> watch.isChanged(topic)
                        ? new LogChanged()
                        : new LogUnavailable("The log is not available now", cause));
    }

    private Long readFrom(int partition, long end, Consumer<String, byte[]> consumer) {
        var topicPartition = new TopicPartition(topic, partition);
        consumer.seek(topicPartition, end);
        consumer.resume(List.of(topicPartition));
        return end;
    }

    @Override
    public void close(int partition) {
        receiver.doOnConsumer(consumer -> {
                    consumer.pause(List.of(new TopicPartition(topic, partition)));
                    return true;
                })
                .subscribe(
                        done -> {}, failure -> LOG.debug("The tap's receiver has ended; it cannot be paused", failure));
    }

    // --- dispatch

    private void dispatch(ConsumerRecord<String, byte @Nullable []> record) {
        marks.read(record);
        String key = record.key();
        // No subscriber has a longer key, and its id would be remembered.
        if (key != null && key.length() <= UserId.MAX_LENGTH) {
            PartitionFeed partitionFeed = partitionFeeds.get(record.partition());
            boolean isNew = isNew(record, key, partitionFeed);
            dispatchCounters.count(partitionFeed
                    .subscribers()
                    .dispatch(record.offset(), key, () -> liveRecordReader.of(record, isNew)));
        }
    }

    private static boolean isNew(
            ConsumerRecord<String, byte @Nullable []> record, String key, PartitionFeed partitionFeed) {
        String id = MessageHeaders.clientMessageId(record.headers());
        boolean isNew = id == null
                || partitionFeed.isNew(
                        new RecentMessageIds.Id(key, id), record.offset(), MessageHeaders.checked(record.headers()));
        // A rerouted record may repeat one that is arbitrarily old. Only the store can tell.
        return isNew && !OriginalPosition.isIn(record.headers());
    }
}
