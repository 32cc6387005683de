package chatql.embedded;

import java.util.Optional;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.BootstrapContextClosedEvent;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Starts the broker as soon as the settings are known, in parallel with the application: each takes about as long to
 * start as the other.
 */
final class EarlyStart implements EnvironmentPostProcessor, Ordered {
    private final ConfigurableBootstrapContext bootstrap;

    EarlyStart(ConfigurableBootstrapContext bootstrap) {
        this.bootstrap = bootstrap;
    }

    /** After the configuration files are read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        // An application without a server is a command, which is for an existing cluster.
        if (application.getWebApplicationType() != WebApplicationType.NONE && NoBrokerNamed.in(environment)) {
            properties(environment).ifPresent(properties -> start(properties, application));
        }
    }

    /** Empty if the settings are invalid: the application reports that later, when logging is configured. */
    private static Optional<EmbeddedKafkaProperties> properties(ConfigurableEnvironment environment) {
        try {
            return Optional.of(Binder.get(environment).bindOrCreate("chatql", EmbeddedKafkaProperties.class));
        } catch (BindException invalid) {
            return Optional.empty();
        }
    }

    private void start(EmbeddedKafkaProperties properties, SpringApplication application) {
        var starting = new StartingBroker(properties);
        bootstrap.addCloseListener(prepared -> offer(starting, prepared));
        ApplicationListener<ApplicationFailedEvent> failed = event -> starting.destroy();
        application.addListeners(failed);
    }

    private static void offer(StartingBroker starting, BootstrapContextClosedEvent prepared) {
        prepared.getApplicationContext().getBeanFactory().registerSingleton("startingBroker", starting);
    }
}
