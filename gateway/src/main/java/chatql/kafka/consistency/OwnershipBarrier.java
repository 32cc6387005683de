package chatql.kafka.consistency;

import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.store.Source;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * A read barrier after a rebalance. A pod that has just taken over a partition may have less of it than the former owner
 * has already shown, and a pod that was out of touch with Kafka may have lost it without knowing ({@link BrokerLiveness}).
 * Both must first catch up with the end that the topic has by then: that is no less than any pod can have shown.
 *
 * <p>Once passed, the barrier stays open for the partition until the pod takes it over again or loses touch.
 */
public final class OwnershipBarrier {
    /** Under which takeover, and in which period without interruption, the barrier was passed. */
    private record Passage(int takeover, long period) {}

    private final StoreProgress storeProgress;
    private final BrokerLiveness brokerLiveness;
    private final CatchUp catchUp;
    private final Map<String, PartitionOffsets> topics;
    private final Map<Source, Passage> passages = new ConcurrentHashMap<>();

    /** @param topics the offsets of each topic, by its name */
    public OwnershipBarrier(
            StoreProgress storeProgress,
            BrokerLiveness brokerLiveness,
            CatchUp catchUp,
            Map<String, PartitionOffsets> topics) {
        this.storeProgress = storeProgress;
        this.brokerLiveness = brokerLiveness;
        this.catchUp = catchUp;
        this.topics = topics;
    }

    /** Completes when the store has all that any pod may have shown. Errors with {@link PartitionMigrating}. */
    public Mono<Void> passed(Source source, String topic) {
        return Mono.defer(() -> {
            // Read before the topic's end: a takeover in between must not count as passed.
            int takeover = storeProgress.takeovers(source);
            OptionalLong period = brokerLiveness.uninterruptedSince();
            if (period.isEmpty()) {
                return pass(source, topic);
            }
            var now = new Passage(takeover, period.getAsLong());
            return now.equals(passages.get(source))
                    ? Mono.empty()
                    : pass(source, topic).doOnSuccess(there -> passages.put(source, now));
        });
    }

    private Mono<Void> pass(Source source, String topic) {
        return Objects.requireNonNull(topics.get(topic))
                .of(source.task())
                .flatMap(range -> catchUp.reach(source, range.end() - 1))
                .onErrorMap(PartitionMigrating::new);
    }
}
