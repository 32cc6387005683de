/** The topics: their settings, their creation, and the checks that they are as the gateway needs them. */
@NullMarked
package chatql.kafka.topic;

import org.jspecify.annotations.NullMarked;
