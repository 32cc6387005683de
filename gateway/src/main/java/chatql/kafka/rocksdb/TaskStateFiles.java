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

/** The files of one task: a RocksDB for each store, or for each segment of a window store. */
public record TaskStateFiles(Path task) {
    /**
     * What is missing. Kafka Streams takes an emptied store for a new one and says nothing. It restores it from the start
     * then, but not one of several segments: how far a window store was followed stands in each of them.
     */
    Optional<String> missing() {
        // Since Kafka 4.3 offsets stand in the stores; a file of them may speak of a store that is no more.
        return Files.exists(task.resolve(".checkpoint"))
                ? Optional.of("its offsets stand beside the stores, in .checkpoint")
                : stores().stream()
                        .filter(store -> !Files.exists(store.resolve("CURRENT")))
                        .map(store -> "CURRENT is missing in " + task.relativize(store))
                        .findFirst();
    }

    /** What is wrong, found by reading all of it. */
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
                // They could not be read, and opening says why.
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

    /** A store's directory is in rocksdb, a segment's in that of its window store, which stands beside it. */
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
