package chatql.kafka.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets the gateway end with what to do about a topic, and not with a stack trace. */
final class TopicMismatchAnalyzer extends AbstractFailureAnalyzer<TopicMismatch> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, TopicMismatch mismatch) {
        return new FailureAnalysis(String.valueOf(mismatch.getMessage()), mismatch.remedy(), mismatch);
    }
}
