/** The floor: Kafka and WebSockets with nothing in between. */
@NullMarked
package chatql.bench.floor;

import org.jspecify.annotations.NullMarked;
