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
 * A setting as somebody has said it.
 *
 * @param value in their words
 * @param origin where they said it; null where nobody did
 */
record ConfiguredValue(
        String name, @Nullable Object value, @Nullable String origin) {
    /** @param otherwise what to show when nobody has said anything under exactly this name */
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

    /** @param rule what it must be, in a few words */
    FailureAnalysis analysis(String rule, Throwable failure) {
        String what = value == null ? " is not set" : " is \"" + value + "\"";
        String where = origin == null ? "Set it" : "It was set by " + origin;
        return new FailureAnalysis(
                name + what + " and " + rule, where + "; docs/settings.md has every setting.", failure);
    }
}
