package chatql.kafka.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets the gateway end with what to look at, and not with a stack trace. */
final class KafkaUnresponsiveAnalyzer extends AbstractFailureAnalyzer<KafkaUnresponsive> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, KafkaUnresponsive silent) {
        return new FailureAnalysis(
                silent.getMessage() + " (" + silent.getCause() + ")",
                "Look at the brokers in KAFKA_BOOTSTRAP_SERVERS, and at what this user may do there.",
                silent);
    }
}
