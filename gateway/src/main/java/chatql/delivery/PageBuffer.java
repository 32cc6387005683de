package chatql.delivery;

import chatql.message.Message;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The pages that subscriptions have read from history and not yet delivered, of all subscriptions of a pod. When they
 * exceed the limit, the buffer drops the page that has been idle longest. Its subscription reads that page again when
 * its subscriber requests more. Safe for use by several threads.
 */
public final class PageBuffer {
    private final long max;
    private final SequencedSet<Rest> held = new LinkedHashSet<>();
    private long used;

    /** @param max in bytes of memory, for all pages together; the page that was read last is always kept */
    public PageBuffer(long max) {
        this.max = max;
    }

    /** In bytes. */
    public synchronized long used() {
        return used;
    }

    /** Buffers the messages of a page until they are delivered. */
    synchronized Rest hold(List<Message> messages) {
        var rest = new Rest(messages);
        if (!messages.isEmpty()) {
            held.add(rest);
            used += rest.weight;
        }
        while (used > max && held.size() > 1) {
            held.getFirst().drop();
        }
        return rest;
    }

    /** Signals that the rest of a page was dropped and must be read again. Carries no stack trace. */
    static final class Dropped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Dropped() {
            super("dropped to free memory", null, false, false);
        }
    }

    /**
     * The messages of one page that are not yet delivered. {@link #next} throws {@link Dropped} after the page was
     * dropped.
     */
    final class Rest implements Iterator<Message> {
        private final int weight;
        private @Nullable List<Message> messages;
        private int next;

        private Rest(List<Message> messages) {
            this.messages = messages;
            this.weight = messages.stream().mapToInt(Message::weight).sum();
        }

        @Override
        public boolean hasNext() {
            synchronized (PageBuffer.this) {
                return messages == null || next < messages.size();
            }
        }

        @Override
        public Message next() {
            synchronized (PageBuffer.this) {
                if (messages == null) {
                    throw new Dropped();
                }
                if (next == messages.size()) {
                    throw new NoSuchElementException();
                }
                Message message = messages.get(next++);
                held.remove(this);
                if (next < messages.size()) {
                    held.add(this);
                } else {
                    used -= weight;
                }
                return message;
            }
        }

        /** Removes the page from the buffer and frees its memory. */
        void drop() {
            synchronized (PageBuffer.this) {
                messages = null;
                if (held.remove(this)) {
                    used -= weight;
                }
            }
        }
    }
}
