package chatql.embedded;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one line, and without a stack trace, why the embedded broker can't start. */
final class EmbeddedKafkaFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedKafkaUnavailable> {
    private static final String ACTION = "Stop the other gateway, name another directory in CHATQL_DATA_DIR,"
            + " or name a Kafka cluster in KAFKA_BOOTSTRAP_SERVERS.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedKafkaUnavailable cause) {
        return new FailureAnalysis(cause.getMessage(), ACTION, cause);
    }
}
