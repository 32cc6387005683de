package chatql.tracing;

import chatql.setting.PropertyConstraints;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Validates Boot's settings of trace export before any bean is created: Boot would reject them later, with a stack
 * trace.
 */
record OtlpSettingsCheck(Environment environment) implements BeanFactoryPostProcessor {
    private static final String PREFIX = "management.opentelemetry.tracing.export.otlp";
    static final String ENDPOINT = PREFIX + ".endpoint";

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        var propertyConstraints = new PropertyConstraints(PREFIX);
        String endpoint = environment.getProperty(ENDPOINT, "");
        propertyConstraints.that(
                endpoint.matches("https?://[^/\\s]+(/\\S*)?"),
                "endpoint",
                endpoint,
                "the address of OTLP over HTTP, such as http://collector:4318/v1/traces");
        String transport = environment.getProperty(PREFIX + ".transport", "http");
        propertyConstraints.that(transport.equalsIgnoreCase("http"), "transport", transport, "http");
        double probability = Binder.get(environment)
                .bind("management.tracing.sampling.probability", Double.class)
                .orElse(0.1);
        new PropertyConstraints("management.tracing.sampling")
                .that(probability >= 0 && probability <= 1, "probability", probability, "a number from 0.0 to 1.0");
    }
}
