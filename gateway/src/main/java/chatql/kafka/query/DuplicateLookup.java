package chatql.kafka.query;

import chatql.kafka.record.MessageHeaders;
import chatql.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The result of a lookup of a message's identity.
 *
 * @param first the first message with this identity; null if there is none
 * @param checked the offset up to which there is no other message with this identity
 */
public record DuplicateLookup(@Nullable Message first, long checked) {
    /** The result if history could not be queried. */
    public static final DuplicateLookup UNKNOWN = new DuplicateLookup(null, MessageHeaders.UNCHECKED);
}
