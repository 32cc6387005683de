/** The state stores as files and memory: the only package that uses RocksDB. */
@NullMarked
package chatql.kafka.rocksdb;

import org.jspecify.annotations.NullMarked;
