package chatql.bench.scale;

/**
 * The machines of a deployment, and their planned utilization.
 *
 * @param cores of a pod, of which {@code busy} may be used
 * @param busy the planned share of them; the rest is for peaks, failed pods and garbage collections
 * @param memory of a pod for its subscriptions, in GiB
 * @param partition messages a second in one partition
 * @param replicas of each record
 * @param network the planned outbound traffic of a broker, in MB/s
 */
public record Cluster(double cores, double busy, double memory, double partition, int replicas, double network) {
    /** Pods with four cores and 8 GiB, half of it for subscriptions; brokers with 10 Gbit/s, half of it planned. */
    public static final Cluster USUAL = new Cluster(4, 0.6, 4, 2_000, 3, 600);

    /** The processor time of a pod per second, in microseconds. */
    double pod() {
        return 1e6 * cores * busy;
    }
}
