package chatql;

/** A role of a pod; a pod has one or both. */
enum Role {
    /** Serves clients: sends messages, delivers subscriptions and queries history. Stores nothing. */
    EDGE,
    /** Stores its partitions of history and of usernames. */
    HISTORY
}
