package chatql.delivery;

import chatql.message.Message;

/** A record of the live log, as the subscribers to its key see it. */
public sealed interface LiveRecord {
    /** A message. */
    record NewMessage(Message message) implements LiveRecord {}

    /** A message that may repeat an earlier one because its sender retried. Only history can tell. */
    record PossibleDuplicate(Message message) implements LiveRecord {}

    /** A record that is not delivered. */
    record Ignored() implements LiveRecord {}
}
