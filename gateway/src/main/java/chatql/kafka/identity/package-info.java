/** Whether the topics are the ones that this pod started with, and what the log has lost. */
@NullMarked
package chatql.kafka.identity;

import org.jspecify.annotations.NullMarked;
