/** Why Kafka keeps the gateway from starting, with what an operator can do about each. */
@NullMarked
package chatql.kafka.failure;

import org.jspecify.annotations.NullMarked;
