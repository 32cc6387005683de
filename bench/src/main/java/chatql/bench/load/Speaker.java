package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Sends messages, and records which are acknowledged. Belongs to the event loop. */
final class Speaker {
    private static final byte[] SUCCESS = "\"success\":true".getBytes(StandardCharsets.US_ASCII);
    private static final int TICK_MICROS = 500;
    private static final int DIGITS = 3;

    private final Network network;
    private final Where where;
    private final Ledger ledger;
    private Lines lines;
    private Histogram acknowledging = new Histogram(DIGITS);
    private long acknowledged;
    private long failed;
    private long unanswered;
    private int turn;

    Speaker(Network network, Where where, Ledger ledger) {
        this.network = network;
        this.where = where;
        this.ledger = ledger;
        this.lines = new Lines(network, where, Lines.Wire.HTTP);
    }

    CompletableFuture<Void> open(int connections, Lines.Wire wire) {
        lines.close();
        lines = new Lines(network, where, wire);
        unanswered = 0;
        return lines.open(connections);
    }

    void beginAgain() {
        ledger.beginAgain();
        acknowledging = new Histogram(DIGITS);
        acknowledged = 0;
        failed = 0;
    }

    /** Whether every request has a response. */
    boolean isQuiet() {
        return unanswered == 0;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** Messages that were rejected or never acknowledged. */
    long failed() {
        return failed + unanswered;
    }

    Histogram acknowledging() {
        return acknowledging;
    }

    void close() {
        lines.close();
    }

    /** Returns the message's number. */
    int say(Ledger.Recipient recipient, long scheduled) {
        return say(recipient, scheduled, () -> {});
    }

    private int say(Ledger.Recipient recipient, long scheduled, Runnable then) {
        int sequence = recipient.say();
        byte[] body = where.dialect()
                .append("sender-" + turn % 1_000, recipient.user(), Delivery.content(sequence, scheduled));
        unanswered++;
        lines.post(body, answer -> {
            unanswered--;
            answered(recipient, sequence, scheduled, answer);
            then.run();
        });
        return sequence;
    }

    private void answered(Ledger.Recipient recipient, int sequence, long scheduled, @Nullable ByteBuf answer) {
        if (answer != null && contains(answer, SUCCESS)) {
            acknowledged++;
            acknowledging.recordValue(Math.max(0, (System.nanoTime() - scheduled) / 1_000));
            recipient.acknowledged(sequence);
        } else if (failed++ == 0) {
            System.err.println("Not acknowledged: "
                    + (answer == null ? "the connection was closed" : answer.toString(StandardCharsets.UTF_8)));
        }
    }

    private static boolean contains(ByteBuf text, byte[] needle) {
        return ByteBufUtil.indexOf(Unpooled.wrappedBuffer(needle), text) >= 0;
    }

    /** Sends to the recipients in turn. */
    private Ledger.Recipient next() {
        return ledger.recipients().get(Math.floorMod(turn++, ledger.recipients().size()));
    }

    /** Sends the next message of each connection after the response to the last one, until the end. */
    void saySteadily(int connections, BooleanSupplier over) {
        for (int i = 0; i < connections; i++) {
            sayOn(over);
        }
    }

    private void sayOn(BooleanSupplier over) {
        if (!over.getAsBoolean()) {
            say(next(), System.nanoTime(), () -> sayOn(over));
        }
    }

    /** Completes once the last message was handed to a connection or waits for one. */
    CompletableFuture<Void> sayBySchedule(int rate, long messages) {
        var done = new CompletableFuture<Void>();
        tick(new Schedule(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50), rate), 0, messages, done);
        return done;
    }

    private void tick(Schedule schedule, long sent, long messages, CompletableFuture<Void> done) {
        long due = schedule.due(System.nanoTime(), messages);
        for (long number = sent; number < due; number++) {
            say(next(), schedule.moment(number));
        }
        if (due == messages) {
            done.complete(null);
        } else {
            network.loop().schedule(() -> tick(schedule, due, messages, done), TICK_MICROS, TimeUnit.MICROSECONDS);
        }
    }
}
