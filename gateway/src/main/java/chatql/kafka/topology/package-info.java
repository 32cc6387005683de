/** The stream processors that turn the log into timelines and user names. */
@NullMarked
package chatql.kafka.topology;

import org.jspecify.annotations.NullMarked;
