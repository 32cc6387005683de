package chatql.delivery;

/** Observes the stages of one subscription. Messages that follow a call belong to the stage that the call reports. */
public interface SubscriptionObserver {
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
