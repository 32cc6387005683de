package chatql.kafka.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets the gateway end with what to set, and not with a stack trace. */
final class NoBrokerAnalyzer extends AbstractFailureAnalyzer<NoBroker> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, NoBroker missing) {
        return new FailureAnalysis(
                String.valueOf(missing.getMessage()), "Set KAFKA_BOOTSTRAP_SERVERS to host:port,…", missing);
    }
}
