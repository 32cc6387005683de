/** Runs the topology on this pod: start, stop, rebuild, metrics. */
@NullMarked
package chatql.kafka.streams;

import org.jspecify.annotations.NullMarked;
