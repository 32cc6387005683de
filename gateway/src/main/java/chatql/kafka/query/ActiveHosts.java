package chatql.kafka.query;

/** Who is to be asked for a part of history. */
public interface ActiveHosts {
    /**
     * Whoever keeps the partition of the store, or knows who does.
     *
     * @throws chatql.kafka.consistency.PartitionMigrating when that isn't settled
     */
    StoreQueries of(String store, int partition);
}
