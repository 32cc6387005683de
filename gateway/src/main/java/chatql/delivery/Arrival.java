package chatql.delivery;

import chatql.message.Message;

/** What a record turns out to be for those who listen to its key. */
public sealed interface Arrival {
    /** A message. */
    record Said(Message message) implements Arrival {}

    /** A message that may repeat an earlier one, by its sender's retry: history knows. */
    record Doubtful(Message message) implements Arrival {}

    /** Nothing for them. */
    record Nothing() implements Arrival {}
}
