package chatql.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.DisposableBean;

/**
 * A broker that starts while the application context is created. A caller of {@link #take} must close the broker;
 * otherwise this bean closes it.
 */
final class StartingBroker implements DisposableBean {
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<EmbeddedKafka> broker;

    StartingBroker(EmbeddedKafkaProperties properties) {
        this.broker = CompletableFuture.supplyAsync(
                () -> EmbeddedKafka.start(
                        properties.logDirectory(),
                        properties.embeddedKafka().port(),
                        properties.embeddedKafka().fsync()),
                start -> new Thread(start, "embedded-kafka-start").start());
    }

    /**
     * Returns the broker once it serves.
     *
     * @throws EmbeddedKafkaUnavailable as {@link EmbeddedKafka#start} does
     */
    EmbeddedKafka take() {
        taken.set(true);
        try {
            return broker.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    /** Closes a broker that was not taken. Its threads would keep the process of a failed application alive. */
    @Override
    public void destroy() {
        if (!taken.getAndSet(true)) {
            broker.thenAccept(EmbeddedKafka::close);
        }
    }
}
