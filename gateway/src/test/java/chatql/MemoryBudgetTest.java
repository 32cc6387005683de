package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/**
 * Compares the sum of all memory that clients and records can make a pod use with the memory of the chart's smallest
 * pod.
 */
class MemoryBudgetTest {
    private static final MemoryBudget BUDGET = new MemoryBudget(heap());

    /** The heap of a pod without clients, after a collection. */
    private static final DataSize IDLE = DataSize.ofMegabytes(40);

    @AfterAll
    static void print() {
        System.out.println(
                "| thing | bound | where | each | how many | in all | test |\n|---|---|---|---|---|---|---|");
        BUDGET.all().forEach(kept -> System.out.println(kept.row()));
        System.out.printf(
                "heap: %,d MiB of %,d, buffers: %,d MiB%n",
                sum(MemoryBudget.Memory.HEAP) >> 20, heap() >> 20, sum(MemoryBudget.Memory.BUFFERS) >> 20);
    }

    @Test
    void heapHoldsAllThatClientsAndRecordsCanFill() {
        assertThat(sum(MemoryBudget.Memory.HEAP) + IDLE.toBytes()).isLessThanOrEqualTo(heap());
    }

    /** Netty may use as much direct memory as the maximum heap. */
    @Test
    void buffersHoldAllThatClientsCanFill() {
        assertThat(sum(MemoryBudget.Memory.BUFFERS)).isLessThanOrEqualTo(heap());
    }

    @Test
    void securityDocumentHasMemoryTable() throws IOException {
        assertThat(Files.readString(Path.of("../SECURITY.md")))
                .contains(BUDGET.all().stream().map(MemoryBudget.Kept::row).toList());
    }

    private static long sum(MemoryBudget.Memory memory) {
        return BUDGET.all().stream()
                .filter(kept -> kept.memory() == memory)
                .mapToLong(MemoryBudget.Kept::bytes)
                .sum();
    }

    /** The heap by the image's flags, for the memory of an edge pod in the chart. */
    private static long heap() {
        long memory = number("../k8s/chart/values.yaml", "(?s)edge:.*?limits:\\s+memory: (\\d+)Gi") << 30;
        return memory * number("src/image/jvm.flags", "(?m)^MaxRAMPercentage=(\\d+)$") / 100;
    }

    private static long number(String file, String pattern) {
        try {
            Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
            assertThat(found.find()).as(file).isTrue();
            return Long.parseLong(found.group(1));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
