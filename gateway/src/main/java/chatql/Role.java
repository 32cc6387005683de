package chatql;

/** What a pod does. */
enum Role {
    /** Serves clients: sends, listens and asks for history. Keeps nothing. */
    EDGE,
    /** Keeps its share of history and names. */
    HISTORY
}
