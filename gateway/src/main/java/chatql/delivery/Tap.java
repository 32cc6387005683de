package chatql.delivery;

import chatql.user.UserId;

/** The port to the live log: delivers new messages to the subscribers on this pod. */
public interface Tap {
    /** Subscribes to the user's messages. The caller must stop the returned subscription. */
    LiveSubscription subscribe(UserId user);
}
