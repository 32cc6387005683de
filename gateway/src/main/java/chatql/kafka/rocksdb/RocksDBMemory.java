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
 * The native memory of all stores of this pod: one cache of blocks, to which what isn't yet on disk is charged, too. By
 * itself each store, and each segment of a window store, would take up to 50 MB of cache and 48 MB of writes.
 */
public final class RocksDBMemory implements AutoCloseable {
    /** Writes get this part of the memory, the rest is for reading. */
    private static final int PART_FOR_WRITES = 4;

    /** No store needs more, and one alone may not take all that there is for writes. */
    private static final long MAX_WRITE_BUFFER_SIZE = 16 * 1024 * 1024;

    private static final int BUFFERS_AT_ONCE = 4;

    /** Each store that was ever written to holds at least one; by default it is a megabyte. */
    private static final long ARENA_BLOCK = 64 * 1024;

    /** Of the cache, for indexes and filters: without them every read of data would be two. */
    private static final double PART_FOR_INDEXES = 0.3;

    private final long writes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final Statistics statistics;

    public RocksDBMemory(long bytes) {
        RocksDB.loadLibrary();
        this.writes = bytes / PART_FOR_WRITES;
        // Not strict: a read that finds no room would fail instead of evicting something later.
        this.cache = new LRUCache(bytes, -1, false, PART_FOR_INDEXES);
        this.writeBuffers = new WriteBufferManager(writes, cache);
        this.statistics = new Statistics();
        statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
    }

    /** What the stores hold now, in bytes. */
    public long used() {
        return cache.getUsage();
    }

    /** How many blocks were read whose checksum was wrong. Iterators end there as if the store did, and say nothing. */
    public long brokenBlocks() {
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
        // In one piece, the index of a large file would not fit into the cache.
        tables.setIndexType(IndexType.kTwoLevelIndexSearch);
        tables.setPartitionFilters(true);
        options.setTableFormatConfig(tables);
        // Open files stay unbounded: compaction keeps them few, and so all are looked at when the store is opened.
    }

    /** After the stores. One that is still open keeps what it uses. */
    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
        statistics.close();
    }
}
