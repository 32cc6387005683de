package chatql.kafka.rocksdb;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBufferManager;

/**
 * The native memory of all stores of this pod: one block cache, to which write buffers are charged, too. Without it
 * each store, and each segment of a window store, would take up to 50 MB of cache and 48 MB of write buffers.
 */
public final class RocksDBMemory implements AutoCloseable {
    /** Write buffers get one part in this many of the memory, the block cache gets the rest. */
    private static final int WRITES_DIVISOR = 4;

    /** No store needs more, and one store alone must not use all memory for writes. */
    private static final long MAX_WRITE_BUFFER_SIZE = 16 * 1024 * 1024;

    private static final int BUFFERS_AT_ONCE = 4;

    /** Each store that was ever written to holds at least one arena block; the default is a megabyte. */
    private static final long ARENA_BLOCK = 64 * 1024;

    /** The share of the cache for indexes and filters. Without them every read of data would take two reads. */
    private static final double INDEX_RATIO = 0.3;

    private final long writes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final Statistics statistics;

    public RocksDBMemory(long bytes) {
        RocksDB.loadLibrary();
        this.writes = bytes / WRITES_DIVISOR;
        // Not strict: with a strict limit, a read that finds no room fails instead of evicting another block.
        this.cache = new LRUCache(bytes, -1, false, INDEX_RATIO);
        this.writeBuffers = new WriteBufferManager(writes, cache);
        this.statistics = new Statistics();
        statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
    }

    /** The memory that the stores use now, in bytes. */
    public long used() {
        return cache.getUsage();
    }

    /**
     * How many blocks with a wrong checksum were read. Iterators end at such a block as if the store ended, without an
     * error.
     */
    public long corruptBlocks() {
        return statistics.getTickerCount(TickerType.BLOCK_CHECKSUM_MISMATCH_COUNT);
    }

    void bound(Options options) {
        options.setWriteBufferManager(writeBuffers);
        options.setWriteBufferSize(Math.min(MAX_WRITE_BUFFER_SIZE, writes / BUFFERS_AT_ONCE));
        options.setArenaBlockSize(ARENA_BLOCK);
        options.setStatistics(statistics);
        BlockBasedTableConfig tables = (BlockBasedTableConfig) options.tableFormatConfig();
        tables.setBlockCache(cache);
        tables.setCacheIndexAndFilterBlocks(true);
        tables.setCacheIndexAndFilterBlocksWithHighPriority(true);
        // Partitioned, because the index of a large file in one block would not fit into the cache.
        tables.setIndexType(IndexType.kTwoLevelIndexSearch);
        tables.setPartitionFilters(true);
        options.setTableFormatConfig(tables);
        // The number of open files stays unbounded: compaction keeps it low, and RocksDB then checks all files when it
        // opens a store.
    }

    /** Called after the stores are closed. A store that is still open keeps the memory that it uses. */
    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
        statistics.close();
    }
}
