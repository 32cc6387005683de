package chatql.graphql.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;

/**
 * What goes out to one client. Events go one per operation in turn, and only while fewer bytes wait than the channel's
 * high-water mark; what must be said at once goes at once, and so stands behind no more than that. Belongs to the
 * channel's event loop.
 */
final class Outbound implements ChannelFutureListener {

    private final Channel channel;
    private final Function<ByteBuf, Object> framing;
    private final long controlBound;
    private final Queue<Operation> ready = new ArrayDeque<>();
    private int waiting;
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

    /** Sends a message of the protocol now. */
    void say(byte[] message) {
        write(message);
        flush();
    }

    /** Sends a frame of the channel's own kind now. */
    ChannelFuture send(Object frame) {
        ChannelFuture written = enqueue(frame);
        flush();
        return written;
    }

    /** Adds to what the next flush sends. */
    void write(byte[] message) {
        enqueue(framing.apply(Unpooled.wrappedBuffer(message)));
    }

    /** Whether so much waits that the client must have stopped reading while it went on asking. */
    boolean flooded() {
        return channel.bytesBeforeWritable() > controlBound;
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
            ready.remove().takeTurn();
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
