package chatql.message;

import chatql.user.TextRules;
import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What may be said: checks it, then has the log keep it. */
public final class MessagePublisher {
    private final MessageLog log;
    private final int largestContent;

    /** @param largestContent in bytes of UTF-8 */
    public MessagePublisher(MessageLog log, int largestContent) {
        this.log = log;
        this.largestContent = largestContent;
    }

    /** Says it, or tells every reason why not. Errors as {@link MessageLog#append} does. */
    public Mono<PostResult> postResult(
            @Nullable String senderId,
            @Nullable String recipientId,
            @Nullable String content,
            @Nullable String clientMessageId) {
        List<String> faults = new ArrayList<>(0);
        add(faults, "senderId", UserId.violation(senderId));
        add(faults, "recipientId", UserId.violation(recipientId));
        add(faults, "content", violation(content));
        add(faults, "clientMessageId", idFault(clientMessageId));
        if (senderId == null || recipientId == null || content == null || !faults.isEmpty()) {
            return Mono.just(new PostResult.Refused(faults));
        }
        return log.append(new Draft(new UserId(senderId), new UserId(recipientId), content, clientMessageId))
                .map(PostResult.Posted::new);
    }

    private static @Nullable String idFault(@Nullable String clientMessageId) {
        return clientMessageId == null ? null : TextRules.violation(clientMessageId, Draft.MAX_ID_LENGTH);
    }

    private static void add(List<String> faults, String argument, @Nullable String fault) {
        if (fault != null) {
            faults.add(argument + " " + fault);
        }
    }

    private @Nullable String violation(@Nullable String content) {
        if (content == null || content.isBlank()) {
            return "must not be blank";
        }
        if (!TextRules.isUnicode(content)) {
            return "must be valid Unicode";
        }
        // A character takes three bytes at most: a pair of surrogates takes four.
        return 3L * content.length() > largestContent
                        && content.getBytes(StandardCharsets.UTF_8).length > largestContent
                ? "must not be larger than " + largestContent + " bytes"
                : null;
    }
}
