package chatql.kafka.identity;

import chatql.kafka.failure.KafkaUnresponsive;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Finds, before anything else begins, what the log has lost since this pod has last seen it, and writes it down. */
public record StartupLossCheck(String topic, LogEnds ends, LogLosses losses, LogEndFile file) {
    private static final Logger LOG = LoggerFactory.getLogger(StartupLossCheck.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /**
     * Waits, on the caller's thread.
     *
     * @throws KafkaUnresponsive when Kafka does not answer
     */
    public void find() {
        try {
            found().toFuture().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new KafkaUnresponsive(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private Mono<Void> found() {
        Map<Integer, LogEnd> before = file.read();
        return before.isEmpty()
                ? Mono.empty()
                : ends.now()
                        .flatMap(now -> ends.cuts(before, before, Map.of(), now)
                                .flatMapIterable(cuts -> cuts)
                                .concatMap(this::keep)
                                .then(Mono.fromRunnable(() -> file.write(now))));
    }

    private Mono<Void> keep(LogEnds.Cut cut) {
        if (losses.has(cut.partition(), cut.from(), cut.seen().leaderEpoch())) {
            return Mono.empty();
        }
        return losses.add(cut.partition(), cut.from(), cut.now().leaderEpoch())
                .then(Mono.fromRunnable(
                        () -> LOG.error("{}: history is built anew from what is left", cut.text(topic))));
    }
}
