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
 * What goes out to one client. Events go one per operation in turn, and only while fewer bytes wait than the channel's
 * high-water mark; what must be said at once goes at once, and so stands behind no more than that. Belongs to the
 * channel's event loop.
 */
public final class OutboundQueue {

    /** What a frame costs in memory while it waits, besides its payload. */
    private static final int FRAME_COST = 128;

    /** How many events go out before the event loop's other channels have their turn. */
    private static final int TURNS = 16;

    /** How many subscriptions of a client read from history at once: each has an event of its own beside the live ones. */
    private static final int CATCH_UPS = 1;

    private final Channel channel;
    private final Function<ByteBuf, Object> framing;
    private final long controlBound;
    private final long kernelBuffer;
    private final long share;
    private final AnswerBudget budget;
    private final AtomicLong expected = new AtomicLong();
    private final CatchUpPermits catchUps = new CatchUpPermits(CATCH_UPS);
    private final Queue<Runnable> parked = new ArrayDeque<>(0);
    private final SequencedSet<RunningOperation> ready = new LinkedHashSet<>();
    private Runnable whenTaken = () -> {};
    private long held;
    private int waiting;
    private long controlWaiting;
    private long unproven;
    private long waitingSince = System.nanoTime();
    private long lastTaken = System.nanoTime();
    private boolean flushing;
    private int turns;
    private boolean resting;

    public OutboundQueue(
            Channel channel, Function<ByteBuf, Object> framing, TransportSettings settings, AnswerBudget budget) {
        this.budget = budget;
        this.share = settings.writeHighWaterMark().toBytes();
        this.channel = channel;
        this.framing = framing;
        this.controlBound = settings.maxPendingControlBytes().toBytes();
        // Linux doubles what it is asked for.
        this.kernelBuffer = 2 * settings.sendBuffer().toBytes();
    }

    /** Sets what runs each time that the channel has taken something. */
    public void whenTaken(Runnable whenTaken) {
        this.whenTaken = whenTaken;
    }

    /** The context in which a subscription is delivered to this client. */
    Context in(Context context) {
        return catchUps.in(DeliveryScheduler.on(this::deliver, context));
    }

    private void deliver(Runnable task) {
        channel.eventLoop().execute(() -> whenRoom(task));
    }

    /** Runs the task as soon as the client has less than its share to take, and after all that were parked before it. */
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

    /** Counts bytes of memory that an event takes until it is written; from any thread. */
    void expect(int bytes) {
        expected.addAndGet(bytes);
        budget.add(bytes);
    }

    /** Where the pages that are expected are summed up; from any thread. */
    public AtomicLong expected() {
        return expected;
    }

    /**
     * Whether less than the connection's share waits for it or is expected, so that another operation may begin or another
     * event may come. While the pod has no room, that is nothing.
     */
    public boolean hasRoom() {
        long waits = held + expected.get();
        return waits == 0 || (waits < share && !budget.isFull());
    }

    /** Counts bytes that wait for the client from now on. */
    void hold(int bytes) {
        held += bytes;
        budget.add(bytes);
    }

    /** Counts no longer what will not go out. */
    void drop(int bytes) {
        held -= bytes;
        budget.release(bytes);
    }

    /** Gives {@code operation} a turn as soon as there is room. */
    void ready(RunningOperation runningOperation) {
        ready.add(runningOperation);
        drain();
    }

    /** Takes back {@code operation}'s turn, if it has one to come. */
    void forget(RunningOperation runningOperation) {
        ready.remove(runningOperation);
        if (!parked.isEmpty()) {
            // What it leaves may be room for others; later, for this may be the end of all of them.
            channel.eventLoop().execute(this::resumeParked);
        }
    }

    /** Adds an event, which is held already, to what the next flush sends. */
    void write(byte[] event) {
        enqueue(framing.apply(Unpooled.wrappedBuffer(event)), event.length, 0);
    }

    /** Sends a message of the protocol now. */
    public void sendMessage(byte[] message) {
        send(framing.apply(Unpooled.wrappedBuffer(message)), message.length);
    }

    /** Sends a frame of the channel's own kind now, with that many bytes of payload. */
    public void send(Object frame, int length) {
        hold(length);
        enqueue(frame, length, length + FRAME_COST);
        flush();
    }

    /** Whether so many messages wait besides the events that the client must have stopped reading while it went on asking. */
    public boolean flooded() {
        return controlWaiting > controlBound;
    }

    /** Whether the client took nothing within {@code patience} although something was waiting all the while. */
    public boolean stuck(Duration patience) {
        return waiting > 0 && !isWithin(waitingSince, patience) && !tookWithin(patience);
    }

    /** Whether the client provably took something within {@code patience}. */
    public boolean tookWithin(Duration patience) {
        return isWithin(lastTaken, patience);
    }

    private void drain() {
        if (ready.isEmpty() || resting || !channel.isWritable()) {
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

    /** Lets the event loop read and serve its other channels, which a fast source and a fast client would keep waiting. */
    private void yieldToEventLoop() {
        resting = true;
        // Scheduled and not just executed: the loop runs what is executed before it looks at its channels again.
        channel.eventLoop().schedule(this::resume, 1, TimeUnit.NANOSECONDS);
    }

    private void resume() {
        resting = false;
        turns = 0;
        drain();
    }

    private void enqueue(Object frame, int length, int controlCost) {
        if (waiting++ == 0) {
            waitingSince = System.nanoTime();
        }
        controlWaiting += controlCost;
        channel.write(frame).addListener(written -> {
            waiting--;
            controlWaiting -= controlCost;
            drop(length);
            taken(length);
            continueDraining();
            resumeParked();
            whenTaken.run();
        });
    }

    /** A frame is said to be written before its bytes cease to count: one alone can be what makes the channel not writable. */
    private void continueDraining() {
        if (channel.isWritable()) {
            drain();
        } else {
            channel.eventLoop().execute(this::drain);
        }
    }

    /** The kernel has taken a frame: at once, which alone says nothing about the client, or after the client made room. */
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

    private static boolean isWithin(long moment, Duration patience) {
        return System.nanoTime() - moment < patience.toNanos();
    }
}
