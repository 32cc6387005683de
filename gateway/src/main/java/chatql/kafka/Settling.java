package chatql.kafka;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/**
 * Holds back reads of what this pod has just begun to keep. Whoever kept it before may have shown more than has been
 * handed on; so it must first come as far as its topic reached at that moment.
 */
final class Settling {
    private final Progress progress;
    private final CatchUp catchUp;
    private final Map<String, Offsets> topics;
    private final Map<Progress.Source, Integer> settled = new ConcurrentHashMap<>();

    /** @param topics how far each one reaches */
    Settling(Progress progress, CatchUp catchUp, Map<String, Offsets> topics) {
        this.progress = progress;
        this.catchUp = catchUp;
        this.topics = topics;
    }

    /** Completes when what the store has of the topic is no less than anybody was shown. Errors with {@link Moving}. */
    Mono<Void> of(Progress.Source source, String topic) {
        return Mono.defer(() -> {
            int beginning = progress.beginnings(source);
            return settled.getOrDefault(source, 0) == beginning ? Mono.empty() : settle(source, topic, beginning);
        });
    }

    private Mono<Void> settle(Progress.Source source, String topic, int beginning) {
        var place = new TopicPartition(topic, source.task());
        return Objects.requireNonNull(topics.get(topic))
                .of(source.task())
                .flatMap(range -> catchUp.end(source, place, range.end()))
                .doOnSuccess(there -> settled.put(source, beginning))
                .onErrorMap(Moving::new);
    }
}
