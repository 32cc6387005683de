/** The ports of the domain on Kafka, and their configuration. */
@NullMarked
package chatql.kafka;

import org.jspecify.annotations.NullMarked;
