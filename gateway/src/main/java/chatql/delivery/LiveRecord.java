package chatql.delivery;

import chatql.message.Message;

/** What a record turns out to be for those who listen to its key. */
public sealed interface LiveRecord {
    /** A message. */
    record NewMessage(Message message) implements LiveRecord {}

    /** A message that may repeat an earlier one, by its sender's retry: history knows. */
    record PossibleDuplicate(Message message) implements LiveRecord {}

    /** Nothing for them. */
    record Ignored() implements LiveRecord {}
}
