package chatql.kafka.failure;

import org.apache.kafka.common.config.ConfigException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports what Kafka's client says about its settings instead of a stack trace. */
final class KafkaConfigFailureAnalyzer extends AbstractFailureAnalyzer<ConfigException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, ConfigException rejection) {
        return new FailureAnalysis(
                "Kafka's client rejects its settings: " + rejection.getMessage(),
                "Correct KAFKA_BOOTSTRAP_SERVERS (host:port,…) or the settings below spring.kafka.",
                rejection);
    }
}
