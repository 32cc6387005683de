package chatql.kafka.streams;

import chatql.kafka.topic.TopicSettings;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** Binds the meters of Kafka Streams: its state, and its lag behind the source topics. */
public record StreamsMetrics(HistoryStreams streams, TopicSettings topics) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        for (KafkaStreams.State state : KafkaStreams.State.values()) {
            Meters.HISTORY_STATE.gauge(
                    registry,
                    streams,
                    running -> is(state, running),
                    state.name().toLowerCase(Locale.ROOT));
        }
        Map.of("messages", topics.messages(), "sent", topics.sent(), "users", topics.users())
                .forEach((label, topic) ->
                        Meters.HISTORY_LAG.gauge(registry, streams, running -> lag(topic, running), label));
    }

    private static int is(KafkaStreams.State state, HistoryStreams streams) {
        return streams.state().filter(state::equals).isPresent() ? 1 : 0;
    }

    /** The sum over all threads. Each thread reports its own partitions as of its last fetch. */
    private static double lag(String topic, HistoryStreams streams) {
        return streams.metrics().entrySet().stream()
                .filter(metric -> isLag(metric.getKey(), topic))
                .mapToDouble(metric -> value(metric.getValue()))
                .sum();
    }

    static boolean isLag(MetricName name, String topic) {
        return name.name().equals("records-lag") && topic.equals(name.tags().get("topic"));
    }

    /** Kafka reports NaN before the first fetch. */
    private static double value(Metric metric) {
        return metric.metricValue() instanceof Double lag && !lag.isNaN() ? lag : 0;
    }
}
