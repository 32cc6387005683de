package chatql.graphql;

import chatql.graphql.transport.execution.SharedResult;
import chatql.message.Message;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The schema's {@code Message}. What isn't asked for isn't put into words. */
public final class MessageView {
    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** How many different choices of fields are kept with a message; others are made up each time. */
    private static final int CHOICES = 4;

    private final Message message;
    private volatile @Nullable String cursor;
    private volatile @Nullable Map<FieldSelection, SharedResult> sharedResult;

    private MessageView(Message message) {
        this.message = message;
    }

    static MessageView of(Message message) {
        return new MessageView(message);
    }

    /** What stands at the same place of the log is the same. */
    boolean isOf(Message other) {
        return message.cursor().equals(other.cursor());
    }

    public String getId() {
        return message.id();
    }

    public String getContent() {
        return message.content();
    }

    public String getSenderId() {
        return message.sender().value();
    }

    public String getRecipientId() {
        return message.recipient().value();
    }

    public String getCursor() {
        String text = cursor;
        if (text == null) {
            text = message.cursor().text();
            cursor = text;
        }
        return text;
    }

    public String getSentAt() {
        return MILLISECONDS.format(message.sentAt());
    }

    /** What those are told who made this choice: the same for all of them, where there aren't many choices. */
    public SharedResult told(FieldSelection fieldSelection) {
        Map<FieldSelection, SharedResult> known = told();
        SharedResult same = known.get(fieldSelection);
        if (same != null) {
            return same;
        }
        return known.size() < CHOICES
                ? known.computeIfAbsent(fieldSelection, first -> first.of(this))
                : fieldSelection.of(this);
    }

    private synchronized Map<FieldSelection, SharedResult> told() {
        Map<FieldSelection, SharedResult> known = sharedResult;
        if (known == null) {
            known = new ConcurrentHashMap<>(2);
            sharedResult = known;
        }
        return known;
    }
}
