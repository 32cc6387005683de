package chatql.lifecycle;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The phase of every {@link SmartLifecycle} of the gateway. Spring starts lower phases first and stops higher phases
 * first, waiting until a phase has stopped before it stops the next one.
 *
 * <table>
 * <caption>In start order; a pod stops them from the bottom to the top</caption>
 * <tr><th>phase</th><th>what</th><th>needs while it stops</th></tr>
 * <tr><td>{@link #LOG_WATCH}</td><td>the watch on the topics' identity, and the appender that it guards</td><td>nothing</td></tr>
 * <tr><td>{@link #TAP}</td><td>the live feed</td><td>the watch</td></tr>
 * <tr><td>{@link #BACKGROUND}</td><td>periodic tasks: tap lag, broker liveness, repair checkpoints</td><td>the tap</td></tr>
 * <tr><td>Spring Boot's {@code START_STOP_LIFECYCLE_PHASE}</td><td>the web server</td><td>the event loops</td></tr>
 * <tr><td>{@link #HISTORY}</td><td>Kafka Streams</td><td>the web server's port, and all background tasks</td></tr>
 * <tr><td>{@link #APPENDER}</td><td>appends that are under way</td><td>the producer</td></tr>
 * <tr><td>{@link #DRAIN}</td><td>the drain of connections</td><td>everything above</td></tr>
 * </table>
 *
 * <p>A bean must not have a lower phase than a bean that it depends on: Spring stops dependents together with what they
 * depend on, and counts them among the beans of that phase, so that the phase ends too early.
 */
public final class LifecyclePhase {
    /** Before every bean that reads or writes the log. */
    public static final int LOG_WATCH = -1;

    public static final int TAP = 0;

    public static final int BACKGROUND = 1;

    /**
     * Starts after the web server, because Kafka Streams announces the server's port to other pods. Stops before the
     * web server.
     */
    public static final int HISTORY = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE + 1;

    /** Stops after the drain, and before the web server waits for the remaining requests. */
    public static final int APPENDER = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;

    /** Stops first, so that everything that subscriptions need outlasts them, including the web server. */
    public static final int DRAIN = Integer.MAX_VALUE;

    private LifecyclePhase() {}
}
