package chatql.kafka.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The files of one task: a RocksDB instance for each store, or for each segment of a window store. */
public record TaskStateFiles(Path task) {
    /**
     * The first missing file. Kafka Streams treats an emptied store as a new one, without an error, and restores it
     * from the start. It does not restore a single emptied segment, because each segment holds the offset of the whole
     * window store.
     */
    Optional<String> missing() {
        // Since Kafka 4.3 the stores hold the offsets. A separate file of offsets may refer to a store that no longer
        // exists.
        return Files.exists(task.resolve(".checkpoint"))
                ? Optional.of("its offsets are in .checkpoint instead of the stores")
                : stores().stream()
                        .filter(store -> !Files.exists(store.resolve("CURRENT")))
                        .map(store -> "CURRENT is missing in " + task.relativize(store))
                        .findFirst();
    }

    /** The first damage, found by reading all files. */
    Optional<String> damage() {
        return missing().or(() -> stores().stream().flatMap(this::damage).findFirst());
    }

    private Stream<String> damage(Path store) {
        try {
            verify(store.toString());
            return Stream.of();
        } catch (RocksDBException damaged) {
            return Stream.of(task.relativize(store) + ": " + damaged.getMessage());
        }
    }

    private static void verify(String store) throws RocksDBException {
        try (var any = new Options();
                var options = new DBOptions()) {
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            RocksDB.listColumnFamilies(any, store).forEach(name -> families.add(new ColumnFamilyDescriptor(name)));
            if (families.isEmpty()) {
                // The families could not be read. Opening the default one reports why.
                families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY));
            }
            List<ColumnFamilyHandle> opened = new ArrayList<>();
            try (var database = RocksDB.openReadOnly(options, store, families, opened)) {
                try {
                    database.verifyChecksum();
                } finally {
                    opened.forEach(ColumnFamilyHandle::close);
                }
            }
        }
    }

    /**
     * The directories of the stores: of each store in rocksdb, and of each segment in the directory of its window store
     * beside it.
     */
    private List<Path> stores() {
        return directories(task).stream()
                .flatMap(parent -> directories(parent).stream())
                .toList();
    }

    public static List<Path> directories(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
