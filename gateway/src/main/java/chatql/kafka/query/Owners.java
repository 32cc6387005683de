package chatql.kafka.query;

/** Who is to be asked for a part of history. */
public interface Owners {
    /**
     * Whoever keeps the partition of the store, or knows who does.
     *
     * @throws chatql.kafka.consistency.Moving when that isn't settled
     */
    Keeper of(String store, int partition);
}
