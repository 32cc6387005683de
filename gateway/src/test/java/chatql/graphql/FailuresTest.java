package chatql.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.history.HistoryUnavailable;
import graphql.GraphqlErrorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FailuresTest {
    @Test
    void ofWhatNobodyForesawAClientLearnsAnIdAndTheLogHasTheRest(CapturedOutput log) {
        var error = Failures.error(GraphqlErrorBuilder.newError(), new IllegalStateException("an inner reason"));

        assertThat(error.getMessage()).isEqualTo("The operation failed");
        assertThat(error.getExtensions()).containsEntry("code", "INTERNAL");
        assertThat(error.toSpecification().toString()).doesNotContain("an inner reason", "IllegalState");
        assertThat(log).contains(error.getExtensions().get("id").toString()).contains("an inner reason");
    }

    @Test
    void whatIsForeseenHasNeitherAnIdNorALineInTheLog(CapturedOutput log) {
        var error = Failures.error(GraphqlErrorBuilder.newError(), new HistoryUnavailable("History is away", null));

        assertThat(error.getExtensions())
                .containsEntry("code", "HISTORY_UNAVAILABLE")
                .doesNotContainKey("id");
        assertThat(log).isEmpty();
    }
}
