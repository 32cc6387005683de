package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;

/**
 * Creates the events of one subscription, and observes its stages. Messages that follow a call belong to the stage that
 * the call reports.
 *
 * @param <E> an event
 */
public interface SubscriptionObserver<E> {
    /** The first event of a subscription from {@link StartPosition.Latest}: it starts after this position. */
    E started(Cursor position);

    E received(Message message);

    /** The following messages come from the tap. */
    default void live() {}

    /** The subscription was too slow for the tap. The following messages come from history. */
    default void lagged() {}

    /**
     * The subscription has ended, for whatever reason. Another thread may still make its last call of {@link #lagged}
     * concurrently.
     */
    default void ended() {}
}
