package chatql.kafka.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports what to check instead of a stack trace. */
final class KafkaUnresponsiveAnalyzer extends AbstractFailureAnalyzer<KafkaUnresponsive> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, KafkaUnresponsive unresponsive) {
        return new FailureAnalysis(
                unresponsive.getMessage() + " (" + unresponsive.getCause() + ")",
                "Check the brokers in KAFKA_BOOTSTRAP_SERVERS, and this user's permissions there.",
                unresponsive);
    }
}
