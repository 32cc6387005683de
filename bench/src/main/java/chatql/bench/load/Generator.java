package chatql.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Runs tasks, one after the other. */
final class Generator {
    private static final int UNSUBSCRIBED = 1_000;
    private static final int LONGEST_MS = 180_000;

    /** How long a task waits at its end for outstanding deliveries and responses. */
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final Network network = new Network();
    private final KafkaSide kafka = new KafkaSide();
    private final String run = Long.toString(System.currentTimeMillis(), 36);
    private final AtomicInteger audiences = new AtomicInteger();
    private final List<Audience> others = new ArrayList<>();
    private @Nullable Audience audience;

    Outcome run(Task task) throws Exception {
        return switch (task) {
            case Task.Noise noise -> kafka.noise(noise);
            case Task.Fill fill -> new Reader(network, fill.where()).fill(fill, kafka);
            case Task.Pages pages -> new Reader(network, pages.where()).pages(pages);
            case Task.Listen listen -> await(() -> listen(listen));
            case Task.Join join -> await(() -> join(join));
            case Task.Leave leave -> await(this::leave);
            case Task.Append append -> await(() -> append(append));
            case Task.Chat chat -> await(() -> chat(chat));
            case Task.Storm storm -> await(() -> storm(storm));
        };
    }

    private Outcome await(Supplier<CompletableFuture<Outcome>> step) throws Exception {
        return CompletableFuture.supplyAsync(step, network.loop())
                .thenCompose(outcome -> outcome)
                .get(LONGEST_MS, TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Outcome> leave() {
        if (audience != null) {
            audience.close();
            audience = null;
        }
        others.forEach(Audience::close);
        others.clear();
        return CompletableFuture.completedFuture(Tally.begun().end(0));
    }

    private CompletableFuture<Outcome> listen(Task.Listen listen) {
        Tally tally = Tally.begun();
        var _ = leave();
        Audience coming = audience(listen);
        audience = coming;
        return coming.open().thenApply(open -> tally.end(0));
    }

    private CompletableFuture<Outcome> join(Task.Join join) {
        Tally tally = Tally.begun();
        Audience coming = audience(new Task.Listen(join.where(), join.subscribers(), join.subscribers(), 0));
        others.add(coming);
        return coming.open().thenApply(open -> tally.end(0));
    }

    private Audience audience(Task.Listen listen) {
        return new Audience(network, listen.where(), listen, run + "-" + audiences.incrementAndGet());
    }

    private CompletableFuture<Outcome> append(Task.Append append) {
        boolean alone = audience == null;
        Speaker speaker = alone ? nobodys(append.where()) : present().speaker();
        Ledger ledger = alone ? new Ledger() : present().ledger();
        return speaker.open(append.connections(), append.sockets() ? Lines.Wire.WEBSOCKET : Lines.Wire.HTTP)
                .thenCompose(open -> {
                    speaker.beginAgain();
                    Tally tally = Tally.begun();
                    long end = System.nanoTime() + (long) (append.seconds() * 1e9);
                    speaker.saySteadily(append.connections(), () -> System.nanoTime() >= end);
                    return later(append.seconds()).thenCompose(done -> {
                        double seconds = tally.seconds();
                        return settled(speaker, ledger).thenApply(settled -> {
                            if (alone) {
                                speaker.close();
                            }
                            return tally.end(seconds, speaker, ledger);
                        });
                    });
                });
    }

    private Speaker nobodys(Where where) {
        Ledger ledger = new Ledger();
        for (int i = 0; i < UNSUBSCRIBED; i++) {
            ledger.recipient("unsubscribed-" + i);
        }
        return new Speaker(network, where, ledger);
    }

    private CompletableFuture<Outcome> chat(Task.Chat chat) {
        Speaker speaker = present().speaker();
        Ledger ledger = present().ledger();
        return speaker.open(chat.connections(), Lines.Wire.HTTP).thenCompose(open -> {
            speaker.beginAgain();
            Tally tally = Tally.begun();
            return speaker.sayBySchedule(chat.rate(), Math.round(chat.rate() * chat.seconds()))
                    .thenCompose(said -> {
                        double seconds = tally.seconds();
                        return settled(speaker, ledger).thenApply(done -> tally.end(seconds, speaker, ledger));
                    });
        });
    }

    /**
     * The second histogram of the outcome is the time from reconnecting to having received the missed messages, per
     * subscriber.
     */
    private CompletableFuture<Outcome> storm(Task.Storm storm) {
        var returning = new Histogram(3);
        CompletableFuture<Outcome> chat =
                chat(new Task.Chat(storm.where(), storm.connections(), storm.rate(), storm.seconds()));
        return later(storm.seconds() / 4)
                .thenCompose(begun -> new Storm(network, present()).rage(returning))
                .thenCombine(chat, (over, outcome) -> outcome.withAcknowledging(returning));
    }

    private Audience present() {
        if (audience == null) {
            throw new IllegalStateException("There are no subscribers");
        }
        return audience;
    }

    private CompletableFuture<Void> later(double seconds) {
        var done = new CompletableFuture<Void>();
        network.loop().schedule(() -> done.complete(null), (long) (seconds * 1e6), TimeUnit.MICROSECONDS);
        return done;
    }

    private CompletableFuture<Void> settled(Speaker speaker, Ledger ledger) {
        var done = new CompletableFuture<Void>();
        settle(speaker, ledger, System.nanoTime() + TIMEOUT.toNanos(), done);
        return done;
    }

    private void settle(Speaker speaker, Ledger ledger, long end, CompletableFuture<Void> done) {
        if ((speaker.isQuiet() && ledger.missing() == 0) || System.nanoTime() > end) {
            done.complete(null);
        } else {
            network.loop().schedule(() -> settle(speaker, ledger, end, done), 5, TimeUnit.MILLISECONDS);
        }
    }
}
