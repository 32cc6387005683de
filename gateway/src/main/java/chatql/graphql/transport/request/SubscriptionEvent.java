package chatql.graphql.transport.request;

import org.jspecify.annotations.Nullable;

/**
 * One event that a subscription's field emits. Either every event of a subscription has an id or none has.
 *
 * @param payload the object whose fields the client selects; null for an event that has only an id
 * @param id sent where the transport has ids; null where the event has none
 * @param happened in milliseconds since 1970, from which the delivery to the client is timed, or {@link #EARLIER}
 * @param bytes the memory that the event takes while it waits for the connection
 * @param handedOver run when the event is handed to the connection, on the connection's event loop: it must not block
 */
public record SubscriptionEvent<T>(
        @Nullable T payload, @Nullable String id, long happened, int bytes, Runnable handedOver) {

    /** The time of an event that is replayed, some time after it happened. */
    public static final long EARLIER = -1;

    /** Rejects an id with a control character, which would corrupt the stream. */
    public SubscriptionEvent {
        for (int i = 0; id != null && i < id.length(); i++) {
            if (Character.isISOControl(id.charAt(i))) {
                throw new IllegalArgumentException("An event's id must not have control characters");
            }
        }
    }

    /** Omits the payload, which has what users wrote. */
    @Override
    public String toString() {
        return "SubscriptionEvent[" + id + "]";
    }

    /** An event that has only an id: the position at which the subscription starts. */
    public static <T> SubscriptionEvent<T> position(String id) {
        return new SubscriptionEvent<>(null, id, EARLIER, 0, () -> {});
    }

    /** An event that has only a payload. */
    static <T> SubscriptionEvent<T> unnamed(T payload) {
        return new SubscriptionEvent<>(payload, null, EARLIER, 0, () -> {});
    }

    /** The event of a value that a field emitted: the value is the event, or only its payload. */
    public static SubscriptionEvent<?> of(Object value) {
        return value instanceof SubscriptionEvent<?> event ? event : unnamed(value);
    }
}
