package chatql.graphql.transport.connection;

import chatql.delivery.CatchUpPermits;
import chatql.delivery.DeliveryScheduler;
import chatql.graphql.transport.budget.TransportSettings;
import chatql.limit.AnswerBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import reactor.util.context.Context;

/**
 * The outbound queue of one client. Operations take turns at sending one event each, only while the channel is below
 * its high-water mark. Control messages are written at once, so no more than that mark is queued ahead of them. Belongs
 * to the channel's event loop.
 */
public final class OutboundQueue {

    /** The memory of a queued frame besides its payload, in bytes. */
    private static final int FRAME_COST = 128;

    /** The number of events that are written before the event loop serves its other channels. */
    private static final int TURNS = 16;

    /**
     * The number of a client's subscriptions that read from history at once: each has an event of its own besides the
     * live ones.
     */
    private static final int CATCH_UPS = 1;

    private final Channel channel;
    private final Function<ByteBuf, Object> framing;
    private final long maxPendingControlBytes;
    private final long kernelBuffer;
    private final long share;
    private final AnswerBudget budget;
    private final AtomicLong expected = new AtomicLong();
    private final CatchUpPermits catchUps = new CatchUpPermits(CATCH_UPS);
    private final Queue<Runnable> parked = new ArrayDeque<>(0);
    private final SequencedSet<RunningOperation> ready = new LinkedHashSet<>();
    private Runnable whenTaken = () -> {};
    private long held;
    private int pending;
    private long controlPending;
    private long unproven;
    private long pendingSince = System.nanoTime();
    private long lastTaken = System.nanoTime();
    private boolean flushing;
    private int turns;
    private boolean yielded;

    public OutboundQueue(
            Channel channel, Function<ByteBuf, Object> framing, TransportSettings settings, AnswerBudget budget) {
        this.budget = budget;
        this.share = settings.writeHighWaterMark().toBytes();
        this.channel = channel;
        this.framing = framing;
        this.maxPendingControlBytes = settings.maxPendingControlBytes().toBytes();
        // Linux doubles the requested size.
        this.kernelBuffer = 2 * settings.sendBuffer().toBytes();
    }

    /** Sets an action that runs each time that the kernel has taken a frame. */
    public void whenTaken(Runnable whenTaken) {
        this.whenTaken = whenTaken;
    }

    /** Adds to {@code context} what a subscription needs to be delivered to this client. */
    Context writeTo(Context context) {
        return catchUps.writeTo(DeliveryScheduler.on(this::deliver, context));
    }

    private void deliver(Runnable task) {
        channel.eventLoop().execute(() -> whenRoom(task));
    }

    /**
     * Runs the task as soon as the client has less than its share queued, after all tasks that were parked before it.
     */
    void whenRoom(Runnable task) {
        if (parked.isEmpty() && hasRoom()) {
            task.run();
        } else {
            parked.add(task);
        }
    }

    private void resumeParked() {
        while (!parked.isEmpty() && hasRoom()) {
            parked.remove().run();
        }
    }

    /** Counts the memory of an event until it is written; from any thread. */
    void expect(int bytes) {
        expected.addAndGet(bytes);
        budget.add(bytes);
    }

    /** The sum of the expected pages; from any thread. */
    public AtomicLong expected() {
        return expected;
    }

    /**
     * Whether less than the connection's share is queued or expected, so that another operation may begin or another
     * event may be requested. While the pod's budget is full, only a connection with nothing queued or expected has
     * room.
     */
    public boolean hasRoom() {
        long waits = held + expected.get();
        return waits == 0 || (waits < share && !budget.isFull());
    }

    /** Counts bytes that are queued for the client from now on. */
    void hold(int bytes) {
        held += bytes;
        budget.add(bytes);
    }

    /** Stops counting bytes that will not be sent. */
    void drop(int bytes) {
        held -= bytes;
        budget.release(bytes);
    }

    /** Gives {@code runningOperation} a turn as soon as there is room. */
    void ready(RunningOperation runningOperation) {
        ready.add(runningOperation);
        drain();
    }

    /** Cancels {@code runningOperation}'s turn, if it has one. */
    void forget(RunningOperation runningOperation) {
        ready.remove(runningOperation);
        if (!parked.isEmpty()) {
            // Its room may serve parked tasks. Executed later, because the caller may be ending all operations.
            channel.eventLoop().execute(this::resumeParked);
        }
    }

    /** Writes an event, which is held already; the next flush sends it. */
    void write(byte[] event) {
        enqueue(framing.apply(Unpooled.wrappedBuffer(event)), event.length, 0);
    }

    /** Sends a protocol message now. */
    public void sendMessage(byte[] message) {
        send(framing.apply(Unpooled.wrappedBuffer(message)), message.length);
    }

    /** Sends a frame of the channel's own kind now, with {@code length} bytes of payload. */
    public void send(Object frame, int length) {
        hold(length);
        enqueue(frame, length, length + FRAME_COST);
        flush();
    }

    /**
     * Whether so many control messages are queued that the client must have stopped reading while it kept sending
     * requests.
     */
    public boolean flooded() {
        return controlPending > maxPendingControlBytes;
    }

    /** Whether the client took nothing within {@code timeout} although something was queued all the time. */
    public boolean stuck(Duration timeout) {
        return pending > 0 && !isWithin(pendingSince, timeout) && !tookWithin(timeout);
    }

    /** Whether the client provably took something within {@code timeout}. */
    public boolean tookWithin(Duration timeout) {
        return isWithin(lastTaken, timeout);
    }

    private void drain() {
        if (ready.isEmpty() || yielded || !channel.isWritable()) {
            return;
        }
        while (channel.isWritable() && !ready.isEmpty() && turns < TURNS) {
            turns++;
            ready.removeFirst().takeTurn();
        }
        flush();
        if (turns == TURNS) {
            yieldToEventLoop();
        }
    }

    /** Yields to the event loop's other channels, which a fast source and a fast client would otherwise starve. */
    private void yieldToEventLoop() {
        yielded = true;
        // Scheduled instead of executed: the loop runs executed tasks before it polls its channels again.
        channel.eventLoop().schedule(this::resume, 1, TimeUnit.NANOSECONDS);
    }

    private void resume() {
        yielded = false;
        turns = 0;
        drain();
    }

    private void enqueue(Object frame, int length, int controlCost) {
        if (pending++ == 0) {
            pendingSince = System.nanoTime();
        }
        controlPending += controlCost;
        channel.write(frame).addListener(written -> {
            pending--;
            controlPending -= controlCost;
            drop(length);
            taken(length);
            continueDraining();
            resumeParked();
            whenTaken.run();
        });
    }

    /**
     * Netty completes a write before it stops counting the frame's bytes, so a single frame can leave the channel
     * unwritable at this point.
     */
    private void continueDraining() {
        if (channel.isWritable()) {
            drain();
        } else {
            channel.eventLoop().execute(this::drain);
        }
    }

    /**
     * The kernel has taken a frame: during the flush, which proves nothing about the client, or later, after the client
     * made room.
     */
    private void taken(int length) {
        unproven += length;
        if (!flushing || unproven > kernelBuffer) {
            unproven = 0;
            lastTaken = System.nanoTime();
        }
    }

    private void flush() {
        boolean outermost = !flushing;
        flushing = true;
        channel.flush();
        flushing = !outermost;
    }

    private static boolean isWithin(long moment, Duration timeout) {
        return System.nanoTime() - moment < timeout.toNanos();
    }
}
