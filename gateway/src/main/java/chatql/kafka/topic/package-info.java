/** The topics: their settings, creation and checks. */
@NullMarked
package chatql.kafka.topic;

import org.jspecify.annotations.NullMarked;
