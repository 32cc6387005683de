package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one subscriber, bounded in number and in bytes, and by the memory that all subscribers
 * share. Safe for one thread that offers and another that polls. A message is either polled, once and in order, or
 * dropped together with all messages after it. An empty buffer takes no memory of its own.
 */
final class SubscriberBuffer extends AbstractQueue<Message> {
    private final BufferLimits bufferLimits;
    private @Nullable Queue<Message> waiting;
    private int weight;

    SubscriberBuffer(BufferLimits bufferLimits) {
        this.bufferLimits = bufferLimits;
    }

    @Override
    public synchronized boolean offer(Message message) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        boolean first = waiting.isEmpty();
        boolean room =
                (first || isWithin(message.weight())) && bufferLimits.memory().reserve(message.weight(), first);
        if (room) {
            waiting.add(message);
            weight += message.weight();
        }
        return room;
    }

    private boolean isWithin(int more) {
        return size() < bufferLimits.messages() && weight + more <= bufferLimits.weight();
    }

    @Override
    public synchronized @Nullable Message poll() {
        Message message = waiting == null ? null : waiting.poll();
        if (message != null) {
            weight -= message.weight();
            bufferLimits.memory().release(message.weight());
        }
        if (weight == 0) {
            waiting = null;
        }
        return message;
    }

    /**
     * Drops all buffered messages. Returns the position before the first of them, or before {@code next} if the buffer
     * is empty.
     */
    synchronized Cursor drop(Message next) {
        Message first = waiting == null || waiting.isEmpty() ? next : waiting.element();
        forget();
        return first.before();
    }

    /** Drops all buffered messages and releases their memory. */
    synchronized void forget() {
        bufferLimits.memory().release(weight);
        waiting = null;
        weight = 0;
    }

    @Override
    public synchronized @Nullable Message peek() {
        return waiting == null ? null : waiting.peek();
    }

    @Override
    public synchronized int size() {
        return waiting == null ? 0 : waiting.size();
    }

    @Override
    public Iterator<Message> iterator() {
        return Collections.emptyIterator();
    }
}
