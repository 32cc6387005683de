/** An embedded Kafka broker, for development and tests. */
@NullMarked
package chatql.embedded;

import org.jspecify.annotations.NullMarked;
