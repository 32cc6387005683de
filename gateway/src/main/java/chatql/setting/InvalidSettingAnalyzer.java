package chatql.setting;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Reports a setting whose value is not allowed in one line, instead of a stack trace. */
final class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationPropertyValueException>
        implements Ordered {
    private final Environment environment;

    InvalidSettingAnalyzer(Environment environment) {
        this.environment = environment;
    }

    /** Before Spring Boot's own analyzer, which writes several lines. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidConfigurationPropertyValueException invalid) {
        ConfiguredValue configuredValue = ConfiguredValue.of(environment, invalid.getName(), invalid.getValue());
        return configuredValue.analysis(String.valueOf(invalid.getReason()), invalid);
    }
}
