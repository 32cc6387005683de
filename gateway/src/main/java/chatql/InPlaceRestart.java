package chatql;

import chatql.lifecycle.RestartRequested;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;

/** Stops the application and starts it again in this process, with the same arguments, when it requests that. */
final class InPlaceRestart implements ApplicationListener<PayloadApplicationEvent<RestartRequested>> {
    private static final Logger LOG = LoggerFactory.getLogger(InPlaceRestart.class);

    private final String[] arguments;
    private final AtomicBoolean requested = new AtomicBoolean();

    private InPlaceRestart(String[] arguments) {
        this.arguments = arguments;
    }

    static void run(String[] arguments) {
        var application = new SpringApplication(Gateway.class);
        application.addListeners(new InPlaceRestart(arguments));
        application.run(arguments);
    }

    /**
     * Returns at once, because the request comes from a thread of the application that is stopped. The new thread keeps
     * the process alive while no other does.
     */
    @Override
    public void onApplicationEvent(PayloadApplicationEvent<RestartRequested> request) {
        if (requested.compareAndSet(false, true)) {
            var context = (ConfigurableApplicationContext) request.getPayload().context();
            Thread.ofPlatform().name("restart").daemon(false).start(() -> restart(context));
        }
    }

    private void restart(ConfigurableApplicationContext context) {
        LOG.warn("Restarting in this process");
        context.close();
        try {
            run(arguments);
        } catch (Throwable failure) {
            // Spring Boot has reported it. The exit code tells the process's supervisor to start it again.
            System.exit(1);
        }
    }
}
