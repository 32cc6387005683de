package chatql.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.bench.scale.Estimate.Placement;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EstimateTest {
    private static final Costs COSTS = new Costs(60, 40, 2, 100, 20, 250);
    private static final Cluster CLUSTER = new Cluster(4, 0.5, 4, 1_000, 3, 500);

    @Test
    void readingAllPartitionsNeedsMorePods() {
        var anywhere = new Estimate(COSTS, CLUSTER, 1_000, 500_000, Placement.ANYWHERE);
        var byPartition = new Estimate(COSTS, CLUSTER, 1_000, 500_000, Placement.BY_PARTITION);

        // Of its 2 s of processor time per second, a pod that reads everything spends 1 s on records without
        // subscribers there.
        assertThat(anywhere.edgePods()).isEqualTo(50);
        assertThat(byPartition.edgePods()).isEqualTo(26);
        assertThat(anywhere.tapped()).isEqualTo(50 * byPartition.tapped());
    }

    @Test
    void readingAllPartitionsIsInfeasibleWhenItFillsWholePod() {
        assertThat(new Estimate(COSTS, CLUSTER, 1_000, 1_000_000, Placement.ANYWHERE).podsForWork())
                .isInfinite();
    }

    @Test
    void scalingDocumentHasEstimatedTable() throws Exception {
        assertThat(Files.readString(Path.of("../docs/scaling.md")))
                .contains(Estimate.table(Costs.MEASURED, Cluster.USUAL));
    }
}
