package chatql.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Disconnects all subscribers at once, sends a message to each of them, and reconnects all at once. */
final class Storm {
    private static final int LOOK_EVERY_MS = 5;

    /** The subscriber that must receive the message of that number. */
    private record Awaited(Ledger.Recipient recipient, int sequence) {}

    private final Network network;
    private final Audience audience;
    private long back;

    Storm(Network network, Audience audience) {
        this.network = network;
        this.audience = audience;
    }

    /** Completes once all have received the messages that they missed. */
    CompletableFuture<Void> rage(Histogram returning) {
        var done = new CompletableFuture<Void>();
        audience.cut();
        List<Awaited> awaited = audience.ledger().recipients().stream()
                .map(recipient -> new Awaited(recipient, audience.speaker().say(recipient, System.nanoTime())))
                .toList();
        acknowledged(new ArrayList<>(awaited), returning, done);
        return done;
    }

    private void acknowledged(List<Awaited> awaited, Histogram returning, CompletableFuture<Void> done) {
        if (awaited.stream().allMatch(one -> one.recipient().isAcknowledged(one.sequence()))) {
            back = System.nanoTime();
            audience.comeBack();
            caughtUp(awaited, returning, done);
        } else {
            network.loop().schedule(() -> acknowledged(awaited, returning, done), LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void caughtUp(List<Awaited> awaited, Histogram returning, CompletableFuture<Void> done) {
        awaited.removeIf(one -> {
            boolean received = one.recipient().isHeardByAll(one.sequence());
            if (received) {
                returning.recordValue((System.nanoTime() - back) / 1_000);
            }
            return received;
        });
        if (awaited.isEmpty()) {
            done.complete(null);
        } else {
            network.loop().schedule(() -> caughtUp(awaited, returning, done), LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        }
    }
}
