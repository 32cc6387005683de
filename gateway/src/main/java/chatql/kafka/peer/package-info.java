/** How pods query each other over HTTP. */
@NullMarked
package chatql.kafka.peer;

import org.jspecify.annotations.NullMarked;
