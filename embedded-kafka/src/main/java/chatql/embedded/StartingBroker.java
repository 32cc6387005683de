package chatql.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.DisposableBean;

/** A broker that starts while the application is still being put together. Whoever takes it closes it; else this does. */
final class StartingBroker implements DisposableBean {
    private final AtomicBoolean owned = new AtomicBoolean();
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
     * The broker, once it serves.
     *
     * @throws EmbeddedKafkaUnavailable as {@link EmbeddedKafka#start} does
     */
    EmbeddedKafka take() {
        owned.set(true);
        try {
            return broker.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    /** Its threads would keep the process alive after an application that failed before it came to the broker. */
    @Override
    public void destroy() {
        if (!owned.getAndSet(true)) {
            broker.thenAccept(EmbeddedKafka::close);
        }
    }
}
