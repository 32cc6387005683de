package chatql.kafka.query;

import chatql.kafka.record.MessageHeaders;
import chatql.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * What history knows of a message of some identity.
 *
 * @param first the message, where there is one already
 * @param checked the offset up to which there is no other
 */
public record DuplicateLookup(@Nullable Message first, long checked) {
    /** History could not be asked. */
    public static final DuplicateLookup UNKNOWN = new DuplicateLookup(null, MessageHeaders.UNCHECKED);
}
