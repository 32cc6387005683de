package chatql.graphql.transport.request;

import graphql.GraphQLContext;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a subscription's events, in the events' order: whoever passes an event on adds its id, the transport takes
 * one per result. One of these is in the {@link GraphQLContext} of every execution, under its class.
 *
 * <p>Either every event of a subscription has an id or none has.
 */
public final class EventMetadata {

    /** The moment of an event that is told again, some time after it happened. */
    public static final long EARLIER = -1;

    /**
     * What an event is named and measured by.
     *
     * @param happened in milliseconds since 1970, or {@link #EARLIER}
     * @param bytes of memory that it takes while it waits
     * @param handedOver to be run once the connection has it
     */
    public record Event(@Nullable String id, long happened, int bytes, Runnable handedOver) {
        public static final Event UNNAMED = new Event(null, EARLIER, 0, () -> {});
    }

    private final Queue<Event> waiting = new ConcurrentLinkedQueue<>();

    /** The ids of the subscription that {@code context} belongs to. */
    public static EventMetadata of(GraphQLContext context) {
        EventMetadata ids = context.get(EventMetadata.class);
        return ids == null ? new EventMetadata() : ids;
    }

    /**
     * Names the next event. An id with a control character is refused: it would break the stream.
     *
     * @param happened in milliseconds since 1970, or {@link #EARLIER}: by it the way to the client is timed
     */
    public void add(String id, long happened) {
        add(id, happened, 0, () -> {});
    }

    /**
     * The same, with what it takes, and a callback.
     *
     * @param bytes of memory that the event takes while it waits for the connection
     * @param handedOver run when the event is handed to the connection, on its event loop: it must be over at once
     */
    public void add(String id, long happened, int bytes, Runnable handedOver) {
        for (int i = 0; i < id.length(); i++) {
            if (Character.isISOControl(id.charAt(i))) {
                throw new IllegalArgumentException("An event's id has no control characters");
            }
        }
        waiting.add(new Event(id, happened, bytes, handedOver));
    }

    public Event take() {
        Event next = waiting.poll();
        return next == null ? Event.UNNAMED : next;
    }
}
