package chatql.kafka.identity;

/**
 * The end of a partition of the log.
 *
 * @param offset of the partition's next record
 * @param leaderEpoch of the leader that reported it; -1 if unknown
 */
record LogEnd(long offset, int leaderEpoch) {
    static final int UNKNOWN = -1;

    /** The end of a partition of which nothing is known. */
    static final LogEnd NONE = new LogEnd(0, UNKNOWN);
}
