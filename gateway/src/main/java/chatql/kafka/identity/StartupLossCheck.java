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

/** Finds, before any other client starts, what the log has lost since this pod last saw it, and stores the losses. */
public record StartupLossCheck(String topic, LogEnds ends, LogLosses losses, LogEndFile file) {
    private static final Logger LOG = LoggerFactory.getLogger(StartupLossCheck.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 30;

    /**
     * Runs the check on the caller's thread.
     *
     * @throws KafkaUnresponsive if Kafka does not answer
     */
    public void find() {
        try {
            check().toFuture().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new KafkaUnresponsive(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Mono<Void> check() {
        Map<Integer, LogEnd> before = file.read();
        return before.isEmpty()
                ? Mono.empty()
                : current(before)
                        .flatMap(now -> ends.cuts(before, before, Map.of(), now)
                                .flatMapIterable(cuts -> cuts)
                                .concatMap(this::store)
                                .then(Mono.fromRunnable(() -> file.write(now))));
    }

    /** Waits for the answers of the current leaders, but not longer than a broker may take itself for one. */
    private Mono<Map<Integer, LogEnd>> current(Map<Integer, LogEnd> before) {
        return ends.now()
                .filter(now -> now.entrySet().stream()
                        .noneMatch(end -> StaleAnswers.isStale(before.get(end.getKey()), end.getValue())))
                .repeatWhenEmpty(ATTEMPTS, empty -> empty.delayElements(PAUSE))
                .onErrorResume(IllegalStateException.class, stillStale -> ends.now());
    }

    private Mono<Void> store(LogEnds.Cut cut) {
        if (losses.has(cut.partition(), cut.from(), cut.seen().leaderEpoch())) {
            return Mono.empty();
        }
        return losses.add(cut.partition(), cut.from(), cut.now().leaderEpoch())
                .then(Mono.fromRunnable(
                        () -> LOG.error("{}: history is rebuilt from the remaining records", cut.text(topic))));
    }
}
