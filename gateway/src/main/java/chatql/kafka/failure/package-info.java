/** Failures of the start, each with what an operator can do. */
@NullMarked
package chatql.kafka.failure;

import org.jspecify.annotations.NullMarked;
