package chatql.kafka.identity;

/**
 * How far a partition of the log has reached.
 *
 * @param offset that its next record will get
 * @param leaderEpoch of the leader that said so; -1 when it is not known
 */
record LogEnd(long offset, int leaderEpoch) {
    static final int UNKNOWN = -1;
}
