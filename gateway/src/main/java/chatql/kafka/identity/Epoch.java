package chatql.kafka.identity;

import chatql.message.Epochs;

/**
 * Which epoch of the topic of messages this is; nothing else of Kafka begins before the topics are as they must be.
 *
 * @param epochs of each of its places
 * @param sources short for the topics of messages, of sent messages and of users as they are now
 */
public record Epoch(long value, Epochs epochs, String sources) {}
