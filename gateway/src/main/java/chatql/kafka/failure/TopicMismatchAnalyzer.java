package chatql.kafka.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports what to do about a topic instead of a stack trace. */
final class TopicMismatchAnalyzer extends AbstractFailureAnalyzer<TopicMismatch> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, TopicMismatch mismatch) {
        return new FailureAnalysis(String.valueOf(mismatch.getMessage()), mismatch.remedy(), mismatch);
    }
}
