package chatql.kafka.consistency;

import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.store.Source;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Holds back reads of what this pod has just begun to keep, or may have ceased to keep without knowing. Somebody else may
 * have shown more than has been handed on; so this pod must first come as far as the topic reaches then.
 */
public final class OwnershipBarrier {
    /** When a source was found to be settled: it is until this pod begins with it anew, or has been out of touch. */
    private record Stamp(int beginning, long period) {}

    private final StoreProgress storeProgress;
    private final BrokerLiveness brokerLiveness;
    private final CatchUp catchUp;
    private final Map<String, PartitionOffsets> topics;
    private final Map<Source, Stamp> settled = new ConcurrentHashMap<>();

    /** @param topics how far each one reaches */
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

    /** Completes when what the store has of the topic is no less than anybody was shown. Errors with {@link PartitionMigrating}. */
    public Mono<Void> passed(Source source, String topic) {
        return Mono.defer(() -> {
            // Noted before the topic's end is asked for.
            int beginning = storeProgress.takeovers(source);
            OptionalLong period = brokerLiveness.uninterruptedSince();
            if (period.isEmpty()) {
                return pass(source, topic);
            }
            var now = new Stamp(beginning, period.getAsLong());
            return now.equals(settled.get(source))
                    ? Mono.empty()
                    : pass(source, topic).doOnSuccess(there -> settled.put(source, now));
        });
    }

    private Mono<Void> pass(Source source, String topic) {
        return Objects.requireNonNull(topics.get(topic))
                .of(source.task())
                .flatMap(range -> catchUp.reach(source, range.end() - 1))
                .onErrorMap(PartitionMigrating::new);
    }
}
