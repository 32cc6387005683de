package chatql.kafka.query;

/** Finds the pod that can answer queries about a partition. */
public interface ActiveHosts {
    /**
     * Returns the queries of the pod that has the store's partition, or of one that can route to it.
     *
     * @throws chatql.kafka.consistency.PartitionMigrating while the partition has no active host
     */
    StoreQueries of(String store, int partition);
}
