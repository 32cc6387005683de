package chatql.setting;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Reports a setting whose value does not have the expected type in one line, instead of a stack trace. */
final class UnreadableSettingAnalyzer extends AbstractFailureAnalyzer<BindException> implements Ordered {
    private static final Map<Class<?>, String> KINDS = Map.of(
            Duration.class, "a duration, such as 500ms, 5s or 1m",
            DataSize.class, "a size, such as 64KB or 1MB",
            Integer.class, "a whole number",
            Short.class, "a whole number",
            URI.class, "a URL, such as http://history:8080");

    private final Environment environment;

    UnreadableSettingAnalyzer(Environment environment) {
        this.environment = environment;
    }

    /** After {@link InvalidSettingAnalyzer}, which knows the allowed values, and before Spring Boot's own analyzer. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 1;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, BindException unreadable) {
        String name = unreadable.getName().toString();
        if (!name.startsWith(KnownProperties.ROOT + ".")) {
            return null;
        }
        Object value = unreadable.getProperty() == null
                ? null
                : unreadable.getProperty().getValue();
        return ConfiguredValue.of(environment, name, value)
                .analysis("must be " + kind(unreadable.getTarget().getBoxedType()), unreadable);
    }

    private static String kind(ResolvableType type) {
        Class<?> element = type.hasGenerics() ? type.resolveGeneric() : type.resolve();
        if (element != null && element.isEnum()) {
            return Arrays.stream(element.getEnumConstants())
                    .map(one -> one.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return KINDS.getOrDefault(element, "something else");
    }
}
