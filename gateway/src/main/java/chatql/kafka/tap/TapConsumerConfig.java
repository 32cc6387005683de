package chatql.kafka.tap;

import chatql.kafka.client.KafkaClientConfigs;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import reactor.kafka.receiver.ReceiverOptions;

/** The configuration of the tap's consumer, which overrides the operator's where the tap depends on it. */
public final class TapConsumerConfig {
    private TapConsumerConfig() {}

    /** Uses no group and no commits. A lost offset is an error, and the consumer never skips to another one. */
    public static ReceiverOptions<String, byte[]> of(Map<String, Object> configured, TapSettings tap) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.putAll(KafkaClientConfigs.bounds());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int)
                tap.fetchMaxWait().toMillis());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return ReceiverOptions.<String, byte[]>create(settings).pollTimeout(tap.fetchMaxWait());
    }
}
