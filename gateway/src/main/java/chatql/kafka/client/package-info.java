/** The clients of Kafka: the producer and the consumers, with their bounds. */
@NullMarked
package chatql.kafka.client;

import org.jspecify.annotations.NullMarked;
