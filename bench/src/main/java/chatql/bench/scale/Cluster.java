package chatql.bench.scale;

/**
 * What it is run on, and how full it may be.
 *
 * @param cores of a pod, of which {@code busy} may be used
 * @param busy the share of them that is planned with, the rest being for peaks, pods that are gone and collections
 * @param memory of a pod for its subscriptions, in GiB
 * @param partition messages a second that one partition is given
 * @param replicas of each record
 * @param network what a broker may send, in MB/s
 */
public record Cluster(double cores, double busy, double memory, double partition, int replicas, double network) {
    /** Four cores and 8 GiB to a pod, half of it for subscriptions; brokers with 10 Gbit/s, half of it planned with. */
    public static final Cluster USUAL = new Cluster(4, 0.6, 4, 2_000, 3, 600);

    /** Microseconds of processor time that a pod has in a second. */
    double pod() {
        return 1e6 * cores * busy;
    }
}
