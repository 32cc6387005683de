package chatql.graphql.transport.request;

import org.jspecify.annotations.Nullable;

/**
 * What a subscription's field gives for each event. Either every event of a subscription has an id or none has.
 *
 * @param payload of which the fields are wanted
 * @param id names it where the transport can; null where it has none
 * @param happened in milliseconds since 1970, by which the way to the client is timed, or {@link #EARLIER}
 * @param bytes of memory that it takes while it waits for the connection
 * @param handedOver run when it is handed to the connection, on that one's event loop: it must be over at once
 */
public record SubscriptionEvent<T>(T payload, @Nullable String id, long happened, int bytes, Runnable handedOver) {

    /** The moment of an event that is told again, some time after it happened. */
    public static final long EARLIER = -1;

    /** Refuses an id with a control character, which would break the stream. */
    public SubscriptionEvent {
        for (int i = 0; id != null && i < id.length(); i++) {
            if (Character.isISOControl(id.charAt(i))) {
                throw new IllegalArgumentException("An event's id has no control characters");
            }
        }
    }

    /** Without the payload, which has what users wrote. */
    @Override
    public String toString() {
        return "SubscriptionEvent[" + id + "]";
    }

    /** An event that is its payload and nothing more. */
    static <T> SubscriptionEvent<T> unnamed(T payload) {
        return new SubscriptionEvent<>(payload, null, EARLIER, 0, () -> {});
    }

    /** The event that a field gave, whose payload may be all that it gave. */
    public static SubscriptionEvent<?> of(Object given) {
        return given instanceof SubscriptionEvent<?> event ? event : unnamed(given);
    }
}
