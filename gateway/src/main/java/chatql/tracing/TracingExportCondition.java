package chatql.tracing;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches where traces are exported: an OTLP endpoint is configured, and none of Boot's switches is off. */
public final class TracingExportCondition implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata annotated) {
        Environment environment = context.getEnvironment();
        return StringUtils.hasText(environment.getProperty(OtlpSettingsCheck.ENDPOINT))
                && isOn(environment, "management.opentelemetry.enabled")
                && isOn(environment, "management.tracing.export.enabled")
                && isOn(environment, "management.tracing.export.otlp.enabled");
    }

    private static boolean isOn(Environment environment, String property) {
        return environment.getProperty(property, Boolean.class, true);
    }
}
