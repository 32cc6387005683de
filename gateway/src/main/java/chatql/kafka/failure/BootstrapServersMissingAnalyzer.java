package chatql.kafka.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports the setting to add instead of a stack trace. */
final class BootstrapServersMissingAnalyzer extends AbstractFailureAnalyzer<BootstrapServersMissing> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, BootstrapServersMissing missing) {
        return new FailureAnalysis(
                String.valueOf(missing.getMessage()), "Set KAFKA_BOOTSTRAP_SERVERS to host:port,…", missing);
    }
}
