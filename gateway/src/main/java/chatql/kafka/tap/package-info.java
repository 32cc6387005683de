/** The live feed: reads the partitions that have subscribers on this pod. */
@NullMarked
package chatql.kafka.tap;

import org.jspecify.annotations.NullMarked;
