package chatql.setting;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Lets the gateway end with a line about a setting that isn't allowed, and not with a stack trace. */
final class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationPropertyValueException>
        implements Ordered {
    private final Environment environment;

    InvalidSettingAnalyzer(Environment environment) {
        this.environment = environment;
    }

    /** Before Spring Boot's own, whose words stand in several lines. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidConfigurationPropertyValueException wrong) {
        ConfiguredValue configuredValue = ConfiguredValue.of(environment, wrong.getName(), wrong.getValue());
        return configuredValue.analysis(String.valueOf(wrong.getReason()), wrong);
    }
}
