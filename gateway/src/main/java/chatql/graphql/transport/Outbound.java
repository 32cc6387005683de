package chatql.graphql.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.Function;

/**
 * What goes out to one client. Events go one per operation in turn, and only while fewer bytes wait than the channel's
 * high-water mark; what must be said at once goes at once, and so stands behind no more than that. Belongs to the
 * channel's event loop.
 */
final class Outbound implements ChannelFutureListener {

    /** What a frame costs in memory while it waits, besides its payload. */
    private static final int FRAME_COST = 128;

    private final Channel channel;
    private final Function<ByteBuf, Object> framing;
    private final long controlBound;
    private final SequencedSet<Operation> ready = new LinkedHashSet<>();
    private int waiting;
    private long controlWaiting;
    private long waitingSince = System.nanoTime();
    private long lastTaken = System.nanoTime();
    private boolean flushing;

    Outbound(Channel channel, Function<ByteBuf, Object> framing, TransportSettings settings) {
        this.channel = channel;
        this.framing = framing;
        this.controlBound = settings.controlBound().toBytes();
    }

    /** Gives {@code operation} a turn as soon as there is room. */
    void ready(Operation operation) {
        ready.add(operation);
        pump();
    }

    /** Takes back {@code operation}'s turn, if it has one to come. */
    void forget(Operation operation) {
        ready.remove(operation);
    }

    /** Adds an event to what the next flush sends. */
    void write(byte[] event) {
        enqueue(framing.apply(Unpooled.wrappedBuffer(event)));
    }

    /** Sends a message of the protocol now. */
    void say(byte[] message) {
        send(framing.apply(Unpooled.wrappedBuffer(message)), message.length);
    }

    /** Sends a frame of the channel's own kind now, with that many bytes of payload. */
    void send(Object frame, int length) {
        int cost = length + FRAME_COST;
        controlWaiting += cost;
        enqueue(frame).addListener(written -> controlWaiting -= cost);
        flush();
    }

    /** Whether so many messages wait besides the events that the client must have stopped reading while it went on asking. */
    boolean flooded() {
        return controlWaiting > controlBound;
    }

    /** Whether the client took nothing within {@code patience} although something was waiting all the while. */
    boolean stuck(Duration patience) {
        return waiting > 0 && !isWithin(waitingSince, patience) && !tookWithin(patience);
    }

    /** Whether the client made room within {@code patience} for something that had to wait. */
    boolean tookWithin(Duration patience) {
        return isWithin(lastTaken, patience);
    }

    @Override
    public void operationComplete(ChannelFuture written) {
        waiting--;
        // What the kernel swallows at once says nothing about the client; what had to wait does.
        if (!flushing) {
            lastTaken = System.nanoTime();
        }
        pump();
    }

    private void pump() {
        if (ready.isEmpty() || !channel.isWritable()) {
            return;
        }
        while (channel.isWritable() && !ready.isEmpty()) {
            ready.removeFirst().takeTurn();
        }
        flush();
    }

    private ChannelFuture enqueue(Object frame) {
        if (waiting++ == 0) {
            waitingSince = System.nanoTime();
        }
        return channel.write(frame).addListener(this);
    }

    private void flush() {
        boolean outermost = !flushing;
        flushing = true;
        channel.flush();
        flushing = !outermost;
    }

    private static boolean isWithin(long moment, Duration patience) {
        return System.nanoTime() - moment < patience.toNanos();
    }
}
