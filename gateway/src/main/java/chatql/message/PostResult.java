package chatql.message;

import java.util.List;

/** The result of an attempt to send a message. */
public sealed interface PostResult {
    /** The message is sent and durable. */
    record Posted(Message message) implements PostResult {}

    /**
     * The message is rejected.
     *
     * @param reasons one sentence for each invalid argument
     */
    record Refused(List<String> reasons) implements PostResult {}
}
