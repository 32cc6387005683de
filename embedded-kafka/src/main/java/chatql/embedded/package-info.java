/** A Kafka broker inside this JVM, for a laptop and for tests. */
@NullMarked
package chatql.embedded;

import org.jspecify.annotations.NullMarked;
