/** The floor: Kafka and WebSockets without a gateway in between. */
@NullMarked
package chatql.bench.floor;

import org.jspecify.annotations.NullMarked;
