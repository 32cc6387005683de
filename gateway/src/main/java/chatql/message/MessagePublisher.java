package chatql.message;

import chatql.user.TextRules;
import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Validates messages and appends them to the log. */
public final class MessagePublisher {
    private final MessageLog log;
    private final int maxContentSize;

    /** @param maxContentSize in bytes of UTF-8 */
    public MessagePublisher(MessageLog log, int maxContentSize) {
        this.log = log;
        this.maxContentSize = maxContentSize;
    }

    /** Sends the message, or returns all violations. Errors as {@link MessageLog#append} does. */
    public Mono<PostResult> postResult(
            @Nullable String senderId,
            @Nullable String recipientId,
            @Nullable String content,
            @Nullable String clientMessageId) {
        List<String> violations = new ArrayList<>(0);
        add(violations, "senderId", UserId.violation(senderId));
        add(violations, "recipientId", UserId.violation(recipientId));
        add(violations, "content", violation(content));
        add(violations, "clientMessageId", idViolation(clientMessageId));
        if (senderId == null || recipientId == null || content == null || !violations.isEmpty()) {
            return Mono.just(new PostResult.Refused(violations));
        }
        return log.append(new Draft(new UserId(senderId), new UserId(recipientId), content, clientMessageId))
                .map(PostResult.Posted::new);
    }

    private static @Nullable String idViolation(@Nullable String clientMessageId) {
        return clientMessageId == null ? null : TextRules.violation(clientMessageId, Draft.MAX_ID_LENGTH);
    }

    private static void add(List<String> violations, String argument, @Nullable String violation) {
        if (violation != null) {
            violations.add(argument + " " + violation);
        }
    }

    private @Nullable String violation(@Nullable String content) {
        if (content == null || content.isBlank()) {
            return "must not be blank";
        }
        if (!TextRules.isUnicode(content)) {
            return "must be valid Unicode";
        }
        // A character takes at most three bytes, and a surrogate pair four. The first comparison avoids encoding a
        // short text.
        return 3L * content.length() > maxContentSize
                        && content.getBytes(StandardCharsets.UTF_8).length > maxContentSize
                ? "must not be larger than " + maxContentSize + " bytes"
                : null;
    }
}
