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

/** Looks at all settings before anything is made of them: whoever misspells one learns it at once, and not from Kafka. */
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
            if (isOfTheEnvironment(source)) {
                inspectVariable(name, knownProperties);
            } else {
                inspectProperty(name, knownProperties);
            }
        }
    }

    private static boolean isOfTheEnvironment(PropertySource<?> source) {
        return source instanceof SystemEnvironmentPropertySource;
    }

    /** Other programs have variables of this name, and the shell's are nobody's fault: nothing is stopped for them. */
    private static void inspectVariable(String name, KnownProperties knownProperties) {
        if (name.startsWith("CHATQL_") && !knownProperties.hasVariable(name)) {
            LOG.warn(
                    "The environment variable {} sets nothing: the nearest setting is {}",
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

    /** With its elements, where it is a list. */
    private static boolean has(KnownProperties knownProperties, ConfigurationPropertyName property) {
        var whole = property.isLastElementIndexed() ? property.getParent() : property;
        return knownProperties.names().stream()
                .map(ConfigurationPropertyName::of)
                .anyMatch(whole::equals);
    }

    /** Their constructors see to their values. */
    private static void bind(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = beans.getType(name);
            if (type != null && type.getPackageName().startsWith(KnownProperties.ROOT)) {
                beans.getBean(name);
            }
        }
    }
}
