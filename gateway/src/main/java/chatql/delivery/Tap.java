package chatql.delivery;

import chatql.user.UserId;

/** What is being said from now on, on this pod, for those who listen here. */
public interface Tap {
    /** Listens to the user's messages, until the caller stops what it is given. */
    LiveSubscription subscribe(UserId user);
}
