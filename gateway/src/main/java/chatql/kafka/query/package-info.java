/** Answers reads from the stores of this pod, and names the pod that has the others. */
@NullMarked
package chatql.kafka.query;

import org.jspecify.annotations.NullMarked;
