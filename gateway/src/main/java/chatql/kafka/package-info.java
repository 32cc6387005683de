/** The log, the history and the directory, kept in Kafka: the only package that knows Kafka. */
@NullMarked
package chatql.kafka;

import org.jspecify.annotations.NullMarked;
