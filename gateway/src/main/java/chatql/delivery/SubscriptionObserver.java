package chatql.delivery;

/** What one subscription tells of its way, to whoever counts. What it gives after a call belongs to what the call says. */
public interface SubscriptionObserver {
    /** From now on its messages come from the tap. */
    default void live() {}

    /** It was too slow for the tap: from now on its messages come from history again. */
    default void lagged() {}

    /** It has ended, in whatever way. Another thread may call {@link #lagged} for the last time meanwhile. */
    default void ended() {}
}
