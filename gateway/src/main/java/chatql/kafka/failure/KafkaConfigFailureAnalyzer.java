package chatql.kafka.failure;

import org.apache.kafka.common.config.ConfigException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets the gateway end with what Kafka's client says of its settings, and not with a stack trace. */
final class KafkaConfigFailureAnalyzer extends AbstractFailureAnalyzer<ConfigException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, ConfigException refusal) {
        return new FailureAnalysis(
                "Kafka's client refuses its settings: " + refusal.getMessage(),
                "Correct KAFKA_BOOTSTRAP_SERVERS (host:port,…) or what is set below spring.kafka.",
                refusal);
    }
}
