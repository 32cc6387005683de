package chatql.kafka.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class StateQuarantineTest {
    @TempDir
    Path directory;

    private Instant now = Instant.EPOCH;

    @Test
    void taskWithMissingFileIsQuarantinedAndOthersStay() throws Exception {
        store("0_0");
        Files.delete(store("0_1").resolve("CURRENT"));
        store("1_0");

        state().withoutMissing();

        assertThat(names("tasks")).containsExactly("0_0", "1_0");
        assertThat(names("aside")).containsExactly("19700101-000000.000-0_1");
    }

    @Test
    void unreadableTaskIsQuarantinedAndOthersStay() throws Exception {
        store("0_0");
        Files.writeString(store("0_1").resolve("CURRENT"), "garbage");

        assertThat(state().withoutDamaged()).isTrue();
        assertThat(state().withoutDamaged()).isFalse();

        assertThat(names("tasks")).containsExactly("0_0");
        assertThat(names("aside")).containsExactly("19700101-000000.000-0_1");
    }

    @Test
    void windowStoreWithoutSegmentsIsComplete() throws Exception {
        store("0_0");
        Files.createDirectories(directory.resolve("tasks/0_0/firsts"));

        state().withoutMissing();

        assertThat(names("tasks")).containsExactly("0_0");
    }

    @Test
    void latestThreeQuarantinedTasksAreKept() throws Exception {
        for (int i = 0; i < 5; i++) {
            Files.delete(store("0_" + i).resolve("CURRENT"));
            state().withoutMissing();
            now = now.plus(Duration.ofSeconds(1));
        }

        assertThat(names("aside"))
                .containsExactly("19700101-000002.000-0_2", "19700101-000003.000-0_3", "19700101-000004.000-0_4");
    }

    private StateQuarantine state() {
        return new StateQuarantine(
                directory.resolve("tasks"), directory.resolve("aside"), Clock.fixed(now, ZoneOffset.UTC));
    }

    private Path store(String task) throws IOException, RocksDBException {
        RocksDB.loadLibrary();
        Path store = directory.resolve("tasks").resolve(task).resolve("rocksdb").resolve("timeline");
        Files.createDirectories(store);
        try (var options = new Options().setCreateIfMissing(true);
                var database = RocksDB.open(options, store.toString())) {
            database.put(new byte[] {1}, new byte[] {2});
        }
        return store;
    }

    private List<String> names(String of) {
        return TaskStateFiles.directories(directory.resolve(of)).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }
}
