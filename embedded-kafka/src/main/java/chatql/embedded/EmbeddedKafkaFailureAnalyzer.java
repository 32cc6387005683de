package chatql.embedded;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports in one line why the embedded broker cannot start, instead of a stack trace. */
final class EmbeddedKafkaFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedKafkaUnavailable> {
    private static final String ACTION = "Stop the other gateway, set CHATQL_DATA_DIR to another directory,"
            + " or set KAFKA_BOOTSTRAP_SERVERS to a Kafka cluster.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedKafkaUnavailable cause) {
        return new FailureAnalysis(cause.getMessage(), ACTION, cause);
    }
}
