package chatql.setting;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets the gateway end with the name that was probably meant, and not with a stack trace. */
final class UnknownSettingAnalyzer extends AbstractFailureAnalyzer<UnknownSetting> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, UnknownSetting unknown) {
        return new FailureAnalysis(
                String.valueOf(unknown.getMessage()), "Correct the name; docs/settings.md has every setting.", unknown);
    }
}
