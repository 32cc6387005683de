/** The format of a message in a Kafka record, and what makes a record invalid. */
@NullMarked
package chatql.kafka.record;

import org.jspecify.annotations.NullMarked;
