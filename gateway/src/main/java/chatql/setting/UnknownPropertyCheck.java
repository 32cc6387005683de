package chatql.setting;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Checks all settings before any bean is created, so that a misspelt one is reported at once and not by a failure of
 * Kafka.
 */
public record UnknownPropertyCheck(ConfigurableEnvironment environment) implements BeanFactoryPostProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownPropertyCheck.class);
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(KnownProperties.ROOT);

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        KnownProperties knownProperties = KnownProperties.load(UnknownPropertyCheck.class.getClassLoader());
        if (knownProperties.isThere()) {
            environment.getPropertySources().stream()
                    .filter(EnumerablePropertySource.class::isInstance)
                    .forEach(source -> inspect((EnumerablePropertySource<?>) source, knownProperties));
        }
        bind(beans);
    }

    private static void inspect(EnumerablePropertySource<?> source, KnownProperties knownProperties) {
        for (String name : source.getPropertyNames()) {
            if (isEnvironment(source)) {
                inspectVariable(name, knownProperties);
            } else {
                inspectProperty(name, knownProperties);
            }
        }
    }

    private static boolean isEnvironment(PropertySource<?> source) {
        return source instanceof SystemEnvironmentPropertySource;
    }

    /** Only warns, because other programs and the shell may define variables with this prefix. */
    private static void inspectVariable(String name, KnownProperties knownProperties) {
        if (name.startsWith("CHATQL_") && !knownProperties.hasVariable(name)) {
            LOG.warn(
                    "The environment variable {} matches no setting: the nearest setting is {}",
                    name,
                    knownProperties.nearest(name));
        }
    }

    private static void inspectProperty(String name, KnownProperties knownProperties) {
        ConfigurationPropertyName property = ConfigurationPropertyName.adapt(name, '.');
        if (ROOT.isAncestorOf(property) && !has(knownProperties, property)) {
            throw new UnknownSetting(name, knownProperties.nearest(name));
        }
    }

    /** Covers the elements of lists. */
    private static boolean has(KnownProperties knownProperties, ConfigurationPropertyName property) {
        var whole = property.isLastElementIndexed() ? property.getParent() : property;
        return knownProperties.names().stream()
                .map(ConfigurationPropertyName::of)
                .anyMatch(whole::equals);
    }

    /** Creates the settings records, whose constructors validate the values. */
    private static void bind(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = beans.getType(name);
            if (type != null && type.getPackageName().startsWith(KnownProperties.ROOT)) {
                beans.getBean(name);
            }
        }
    }
}
