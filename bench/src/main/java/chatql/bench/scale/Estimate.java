package chatql.bench.scale;

import chatql.bench.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How many pods, partitions and brokers so many subscribers and messages take.
 *
 * @param subscribers each on a connection of its own
 * @param messages a second, each of them wanted by one subscriber
 * @param placement to which pods subscribers go
 */
public record Estimate(Costs costs, Cluster cluster, double subscribers, double messages, Placement placement) {
    /** To which pods subscribers go. */
    public enum Placement {
        /** Each to any: every pod has somebody in every partition, and reads all of them. */
        ANYWHERE("anywhere"),
        /** Each to the pods of their partition: a pod reads its share of the partitions only. */
        BY_PARTITION("by partition");

        private final String title;

        Placement(String title) {
            this.title = title;
        }
    }

    private record Size(double subscribers, double messages) {}

    /** What the table in docs/scaling.md shows. */
    private static final List<Size> SIZES = List.of(
            new Size(10_000, 1_000),
            new Size(100_000, 10_000),
            new Size(300_000, 100_000),
            new Size(1_000_000, 1_000_000));

    /** Edge pods for the sockets' memory alone. */
    double podsForMemory() {
        return subscribers * costs.subscription() / (cluster.memory() * 1024 * 1024);
    }

    /** Edge pods for their processors alone; infinite where reading all of the log takes more than a pod has. */
    double podsForWork() {
        double wanted = messages * (costs.append() + costs.delivery());
        double skipped = messages * costs.skip();
        return switch (placement) {
            case ANYWHERE -> skipped < cluster.pod() ? wanted / (cluster.pod() - skipped) : Double.POSITIVE_INFINITY;
            case BY_PARTITION -> (wanted + skipped) / cluster.pod();
        };
    }

    /** Two at least, so that one may go. */
    double edgePods() {
        return Math.max(2, Math.ceil(Math.max(podsForMemory(), podsForWork())));
    }

    double historyPods() {
        return Math.max(2, Math.ceil(messages * costs.history() / cluster.pod()));
    }

    /** A multiple of 12, for it divides well; as many as there are history pods at least. */
    double partitions() {
        return 12 * Math.ceil(Math.max(messages / cluster.partition(), historyPods()) / 12);
    }

    /** MB/s that all edge pods read. */
    double tapped() {
        double once = messages * costs.record() / 1e6;
        return placement == Placement.ANYWHERE ? once * edgePods() : once;
    }

    /** MB/s that all brokers send: to the edges, to replicas, and to history, which reads a message and what was sent of it. */
    double egress() {
        double once = messages * costs.record() / 1e6;
        return tapped() + 2 * (cluster.replicas() - 1) * once + 2 * once;
    }

    double brokers() {
        return Math.max(cluster.replicas(), Math.ceil(egress() / cluster.network()));
    }

    /** In Markdown. */
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
