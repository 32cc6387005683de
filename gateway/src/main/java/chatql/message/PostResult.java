package chatql.message;

import java.util.List;

/** How an attempt to say something ended. */
public sealed interface PostResult {
    /** Said, and durable. */
    record Posted(Message message) implements PostResult {}

    /**
     * Not said.
     *
     * @param reasons one sentence for each argument that is wrong
     */
    record Refused(List<String> reasons) implements PostResult {}
}
