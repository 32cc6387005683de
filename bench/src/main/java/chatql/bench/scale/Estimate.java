package chatql.bench.scale;

import chatql.bench.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Estimates the pods, partitions and brokers for a number of subscribers and messages.
 *
 * @param subscribers each on its own connection
 * @param messages a second, each for one subscriber
 * @param placement the pods to which subscribers connect
 */
public record Estimate(Costs costs, Cluster cluster, double subscribers, double messages, Placement placement) {
    /** The pods to which subscribers connect. */
    public enum Placement {
        /** Any pod: every pod has subscribers in every partition, and reads all of them. */
        ANYWHERE("anywhere"),
        /** The pods of their partition: a pod reads only its share of the partitions. */
        BY_PARTITION("by partition");

        private final String title;

        Placement(String title) {
            this.title = title;
        }
    }

    private record Size(double subscribers, double messages) {}

    /** The rows of the table in docs/scaling.md. */
    private static final List<Size> SIZES = List.of(
            new Size(10_000, 1_000),
            new Size(100_000, 10_000),
            new Size(300_000, 100_000),
            new Size(1_000_000, 1_000_000));

    /** The edge pods that the connections' memory needs. */
    double podsForMemory() {
        return subscribers * costs.subscription() / (cluster.memory() * 1024 * 1024);
    }

    /** The edge pods that processing needs; infinite where reading the whole log takes more than a pod has. */
    double podsForWork() {
        double wanted = messages * (costs.append() + costs.delivery());
        double skipped = messages * costs.skip();
        return switch (placement) {
            case ANYWHERE -> skipped < cluster.pod() ? wanted / (cluster.pod() - skipped) : Double.POSITIVE_INFINITY;
            case BY_PARTITION -> (wanted + skipped) / cluster.pod();
        };
    }

    /** At least two, so that one may fail. */
    double edgePods() {
        return Math.max(2, Math.ceil(Math.max(podsForMemory(), podsForWork())));
    }

    double historyPods() {
        return Math.max(2, Math.ceil(messages * costs.history() / cluster.pod()));
    }

    /** A multiple of 12, because it has many divisors; at least as many as history pods. */
    double partitions() {
        return 12 * Math.ceil(Math.max(messages / cluster.partition(), historyPods()) / 12);
    }

    /** MB/s that all edge pods read. */
    double tapped() {
        double once = messages * costs.record() / 1e6;
        return placement == Placement.ANYWHERE ? once * edgePods() : once;
    }

    /**
     * MB/s that all brokers send: to edges, to replicas, and to history, which reads each message and the record of its
     * sender.
     */
    double egress() {
        double once = messages * costs.record() / 1e6;
        return tapped() + 2 * (cluster.replicas() - 1) * once + 2 * once;
    }

    double brokers() {
        return Math.max(cluster.replicas(), Math.ceil(egress() / cluster.network()));
    }

    /** Renders the table in Markdown. */
    public static String table(Costs costs, Cluster cluster) {
        List<String> head = List.of(
                "subscribers",
                "messages/s",
                "placed",
                "edge pods",
                "of them for memory",
                "history pods",
                "partitions",
                "read by the edges, MB/s",
                "sent by the brokers, MB/s",
                "brokers");
        var table = new Table(head);
        SIZES.stream()
                .flatMap(size -> Stream.of(Placement.values())
                        .map(placement -> new Estimate(costs, cluster, size.subscribers(), size.messages(), placement)))
                .forEach(estimate -> table.row(estimate.row()));
        return table.toString();
    }

    private List<String> row() {
        boolean possible = Double.isFinite(edgePods());
        return List.of(
                number(subscribers),
                number(messages),
                placement.title,
                possible ? number(edgePods()) : "none will do",
                number(Math.ceil(podsForMemory())),
                number(historyPods()),
                number(partitions()),
                possible ? number(tapped()) : "",
                possible ? number(egress()) : "",
                possible ? number(brokers()) : "");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    /** Prints the table. */
    public static void main(String[] arguments) {
        System.out.print(table(Costs.MEASURED, Cluster.USUAL));
    }
}
