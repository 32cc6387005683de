/** The layout of the state stores: keys, values, and the reads over them. */
@NullMarked
package chatql.kafka.store;

import org.jspecify.annotations.NullMarked;
