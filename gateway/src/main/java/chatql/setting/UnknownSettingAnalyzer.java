package chatql.setting;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports an unknown setting with the nearest known name, instead of a stack trace. */
final class UnknownSettingAnalyzer extends AbstractFailureAnalyzer<UnknownSetting> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, UnknownSetting unknown) {
        return new FailureAnalysis(
                String.valueOf(unknown.getMessage()),
                "Correct the name; docs/settings.md lists every setting.",
                unknown);
    }
}
