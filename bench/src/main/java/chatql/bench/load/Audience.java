package chatql.bench.load;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** All subscribers. Belongs to the event loop. */
final class Audience {
    /** The number of connects per millisecond, so that handshakes do not time out before they begin. */
    private static final int COMING = 3;

    private static final int PROBE_EVERY_MS = 500;

    private final Network network;
    private final Ledger ledger = new Ledger();
    private final List<Hearing> hearing = new ArrayList<>();
    private final Speaker speaker;

    Audience(Network network, Where where, Task.Listen listen, String run) {
        this.network = network;
        this.speaker = new Speaker(network, where, ledger);
        List<Ledger.Recipient> recipients = IntStream.range(0, listen.users())
                .mapToObj(user -> ledger.recipient(run + "-" + user))
                .toList();
        for (int i = 0; i < listen.subscribers(); i++) {
            Ledger.Ear ear = recipients.get(i % listen.users()).listen();
            hearing.add(
                    i < listen.streams()
                            ? new StreamSubscriber(network, where, ear)
                            : new Subscriber(network, where, ear));
        }
    }

    Ledger ledger() {
        return ledger;
    }

    Speaker speaker() {
        return speaker;
    }

    /** Completes once each of them has received a message: nothing else proves that a subscription is live. */
    CompletableFuture<Void> open() {
        var done = new CompletableFuture<Void>();
        come(hearing.iterator());
        speaker.open(16, Lines.Wire.HTTP).thenRun(() -> probe(done));
        return done;
    }

    private void come(Iterator<Hearing> rest) {
        for (int i = 0; i < COMING && rest.hasNext(); i++) {
            rest.next().open();
        }
        if (rest.hasNext()) {
            network.loop().schedule(() -> come(rest), 1, TimeUnit.MILLISECONDS);
        }
    }

    private void probe(CompletableFuture<Void> done) {
        List<Ledger.Recipient> deaf = ledger.recipients().stream()
                .filter(recipient -> !recipient.isHeardByAll())
                .toList();
        if (deaf.isEmpty()) {
            done.complete(null);
        } else if (!done.isDone()) {
            if (speaker.isQuiet()) {
                deaf.forEach(recipient -> speaker.say(recipient, System.nanoTime()));
            }
            network.loop().schedule(() -> probe(done), PROBE_EVERY_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Disconnects all subscribers at once. */
    void cut() {
        hearing.forEach(Hearing::close);
    }

    /** Reconnects all subscribers at once. */
    void comeBack() {
        hearing.forEach(Hearing::open);
    }

    void close() {
        cut();
        speaker.close();
    }
}
