package chatql.kafka.topic;

import chatql.kafka.failure.KafkaUnresponsive;
import chatql.kafka.failure.TopicMismatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.config.TopicBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Creates missing topics and checks existing ones, which it never changes. */
public final class TopicProvisioner {
    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    private static final String FOREVER = "-1";

    /** Kafka's default, regardless of the cluster's, so that every record fits into the topics that derive from its own. */
    public static final String MAX_BATCH_SIZE = String.valueOf((1 << 20) + 12);

    /** With this timestamp type the broker sets the timestamp, and rejects no record for its own. */
    public static final String ANY_TIME = "LogAppendTime";

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final TopicSettings settings;
    private final Admin admin;

    public TopicProvisioner(TopicSettings settings, Admin admin) {
        this.settings = settings;
        this.admin = admin;
    }

    /** The topics that the gateway creates if they are missing. */
    static List<NewTopic> wanted(TopicSettings settings) {
        return List.of(
                topic(settings, settings.messages(), settings.partitions()).build(),
                topic(settings, settings.users(), settings.userPartitions()).build(),
                topic(settings, settings.sent(), settings.partitions())
                        .config(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(TimeUnit.DAYS.toMillis(7)))
                        .build(),
                topic(settings, settings.deadLetters(), 1).build(),
                topic(settings, settings.repairCheckpoints(), 1)
                        .config(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
                        // Flushes each record, because a broker that loses the end of the log must not lose the record
                        // of that loss.
                        .config(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1")
                        // Small segments, because a pod reads the topic at its start, and the active segment is not
                        // compacted.
                        .config(TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(1 << 20))
                        .build());
    }

    private static TopicBuilder topic(TopicSettings settings, String name, int partitions) {
        return TopicBuilder.name(name)
                .partitions(partitions)
                .replicas(settings.replicationFactor())
                .config(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
                .config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, MAX_BATCH_SIZE)
                .config(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, ANY_TIME)
                .config(TopicConfig.RETENTION_MS_CONFIG, FOREVER)
                .config(TopicConfig.RETENTION_BYTES_CONFIG, FOREVER);
    }

    /**
     * Checks existing topics and creates missing ones.
     *
     * @return the identity of all topics
     * @throws TopicMismatch if an existing topic does not match; then none is created
     */
    public LogIdentity prepare() {
        List<NewTopic> wanted = wanted(settings);
        Set<String> existing = answer(() -> admin.listTopics().names());
        Map<Boolean, List<NewTopic>> byExistence =
                wanted.stream().collect(Collectors.partitioningBy(topic -> existing.contains(topic.name())));
        new PartitionCounts(settings, described(byExistence.getOrDefault(true, List.of()))).check();
        List<NewTopic> missing = byExistence.getOrDefault(false, List.of());
        Set<String> created = create(missing);
        LogIdentity now = described(wanted);
        // Again, because a topic that was created a moment ago may have been missing from the list.
        new PartitionCounts(settings, now).check();
        checkTimestamps();
        List.of(settings.messages(), settings.users()).stream()
                .flatMap(topic -> warnings(topic, created.contains(topic)))
                .forEach(LOG::warn);
        return now;
    }

    /** Creates topics, but leaves one that another pod or an operator has created meanwhile as it is. */
    private Set<String> create(List<NewTopic> missing) {
        return admin.createTopics(missing).values().entrySet().stream()
                .filter(topic -> answer(
                        request(topic::getValue).thenReturn(true).onErrorReturn(TopicExistsException.class, false)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private Stream<String> warnings(String topic, boolean isNew) {
        boolean isBounded = isNew && boundRecords(topic);
        Map<String, String> config = config(topic);
        // A broker may still describe a new topic without the limit that was just set.
        var recordBound =
                new RecordBound(topic, isBounded ? String.valueOf(RecordBound.BYTES) : config.get(RecordBound.CONFIG));
        return Stream.concat(durability(topic, config).warnings().stream(), recordBound.warning().stream());
    }

    /**
     * Sets the limit. Older brokers do not know it, and not every user may alter a topic; neither prevents a pod's
     * start.
     */
    private boolean boundRecords(String topic) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var bound = new AlterConfigOp(
                new ConfigEntry(RecordBound.CONFIG, String.valueOf(RecordBound.BYTES)), AlterConfigOp.OpType.SET);
        return answer(request(() -> admin.incrementalAlterConfigs(Map.of(resource, List.of(bound)))
                        .all())
                .thenReturn(true)
                .onErrorReturn(failure -> !(failure instanceof RetriableException), false));
    }

    private Durability durability(String topic, Map<String, String> config) {
        int brokers = answer(() -> admin.describeCluster().nodes()).size();
        int replicas = answer(() -> admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .flatMap(found -> found.partitions().stream())
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        return new Durability(
                topic,
                brokers,
                replicas,
                Integer.parseInt(config.getOrDefault(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1")),
                Boolean.parseBoolean(config.get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG)));
    }

    private LogIdentity described(List<NewTopic> topics) {
        return LogIdentity.of(answer(() -> admin.describeTopics(
                                topics.stream().map(NewTopic::name).toList())
                        .allTopicNames())
                .values());
    }

    /** The identity of the existing topics. */
    public static Mono<LogIdentity> now(TopicSettings settings, Admin admin) {
        return Flux.fromIterable(wanted(settings))
                .map(NewTopic::name)
                .collectList()
                .map(names -> admin.describeTopics(names).topicNameValues().values())
                .flatMapIterable(answers -> answers)
                .flatMap(answer -> Mono.fromCompletionStage(answer.toCompletionStage())
                        .onErrorResume(UnknownTopicOrPartitionException.class, missing -> Mono.empty()))
                .collectList()
                .map(LogIdentity::of);
    }

    private Map<String, String> config(String topic) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = Objects.requireNonNull(
                answer(() -> admin.describeConfigs(List.of(resource)).all()).get(resource));
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private void checkTimestamps() {
        if (!"LogAppendTime".equals(config(settings.messages()).get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))) {
            throw new TopicMismatch(
                    "Topic %s does not have message.timestamp.type=LogAppendTime, by which the gateway orders messages"
                            .formatted(settings.messages()),
                    "Set it with kafka-configs, or let the gateway create the topic");
        }
    }

    private static <T> T answer(Supplier<KafkaFuture<T>> call) {
        return answer(request(call));
    }

    private static <T> Mono<T> request(Supplier<KafkaFuture<T>> call) {
        return Mono.fromCompletionStage(() -> call.get().toCompletionStage());
    }

    /** Retries until there is an answer, because a new topic is not known to every broker at once. */
    private static <T> T answer(Mono<T> call) {
        try {
            return call.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                            .maxBackoff(Duration.ofSeconds(1))
                            .filter(RetriableException.class::isInstance))
                    .toFuture()
                    .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new KafkaUnresponsive(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
