package chatql.delivery;

import chatql.message.Message;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The pages that subscriptions have read from history and not yet passed on, of all subscriptions of a pod together. When
 * they exceed the bound, the page that has been idle for longest is dropped; its subscription reads it again when its
 * subscriber asks for more. Safe for use by several threads.
 */
public final class PageBuffer {
    private final long max;
    private final SequencedSet<Rest> held = new LinkedHashSet<>();
    private long used;

    /** @param max in bytes of memory, for all pages together; the page that was read last is always held */
    public PageBuffer(long max) {
        this.max = max;
    }

    /** In bytes. */
    public synchronized long used() {
        return used;
    }

    /** Holds the messages of a page until they are passed on. */
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

    /** The rest of a page has been dropped: it is to be read again. Carries no stack trace. */
    static final class Dropped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Dropped() {
            super("dropped to make room", null, false, false);
        }
    }

    /** What has not been passed on of one page. Its {@link #next} fails with {@link Dropped} after it was dropped. */
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

        /** Holds it no longer. */
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
