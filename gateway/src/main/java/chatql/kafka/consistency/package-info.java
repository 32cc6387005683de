/** What a read waits for, so that no answer is shorter than one already given. */
@NullMarked
package chatql.kafka.consistency;

import org.jspecify.annotations.NullMarked;
