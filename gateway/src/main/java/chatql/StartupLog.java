package chatql;

import java.time.Duration;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Logs one line when the pod has started, with its roles and addresses, and one when it begins to shut down. */
record StartupLog(RoleSettings settings, KafkaConnectionDetails kafka, Environment environment) {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    @EventListener
    void ready(ApplicationReadyEvent event) {
        LOG.info(
                "Started in {} s as {}, with Kafka at {}, port {} for clients and pods and {} for probes",
                seconds(event.getTimeTaken()),
                roles(),
                String.join(",", kafka.getBootstrapServers()),
                port("server"),
                port("management"));
    }

    private static String seconds(@Nullable Duration taken) {
        return taken == null ? "?" : String.format(Locale.ROOT, "%.1f", taken.toMillis() / 1000.0);
    }

    private String roles() {
        return new TreeSet<>(settings.roles())
                .stream().map(role -> role.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(","));
    }

    /** The server's port where probes have no port of their own. */
    private String port(String name) {
        return environment.getProperty("local." + name + ".port", environment.getProperty("local.server.port", "none"));
    }

    @EventListener
    void shuttingDown(ContextClosedEvent event) {
        // The probes' server has a child context, which publishes this event too.
        if (event.getApplicationContext().getParent() == null) {
            LOG.info("Shutting down: draining client connections, then stopping");
        }
    }
}
