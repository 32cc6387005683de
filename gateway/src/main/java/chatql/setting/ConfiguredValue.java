package chatql.setting;

import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * A setting as an operator configured it.
 *
 * @param value as configured
 * @param origin where it is configured; null where it is not
 */
record ConfiguredValue(
        String name, @Nullable Object value, @Nullable String origin) {
    /** @param otherwise the value to show where nothing is configured under exactly this name */
    static ConfiguredValue of(Environment environment, String name, @Nullable Object otherwise) {
        return find(environment, ConfigurationPropertyName.of(name))
                .map(found -> new ConfiguredValue(name, found.getValue(), String.valueOf(found.getOrigin())))
                .orElseGet(() -> new ConfiguredValue(name, otherwise, null));
    }

    private static Optional<ConfigurationProperty> find(Environment environment, ConfigurationPropertyName name) {
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .flatMap(source -> Optional.ofNullable(source.getConfigurationProperty(name)).stream())
                .findFirst();
    }

    /** @param rule what the value must be, in a few words */
    FailureAnalysis analysis(String rule, Throwable failure) {
        String what = value == null ? " is not set" : " is \"" + value + "\"";
        String where = origin == null ? "Set it" : "It is set by " + origin;
        return new FailureAnalysis(
                name + what + " and " + rule, where + "; docs/settings.md lists every setting.", failure);
    }
}
