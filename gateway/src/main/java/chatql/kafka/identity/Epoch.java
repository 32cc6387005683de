package chatql.kafka.identity;

import chatql.message.Epochs;

/**
 * The epoch of the topic of messages. No other client of Kafka starts before the topics are checked.
 *
 * @param epochs of each of its offsets
 * @param sources the fingerprint of the topics of messages, of sent messages and of users
 */
public record Epoch(long value, Epochs epochs, String sources) {}
