package chatql.graphql;

import chatql.graphql.transport.execution.SharedResult;
import chatql.message.Message;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The schema's {@code Message}. Computes a text only for fields that a client selects. */
public final class MessageView {
    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /**
     * How many results are cached with a message, one per selection; results of other selections are built each time.
     */
    private static final int CHOICES = 4;

    private final Message message;
    private volatile @Nullable String cursor;
    private volatile @Nullable Map<FieldSelection, SharedResult> results;

    private MessageView(Message message) {
        this.message = message;
    }

    static MessageView of(Message message) {
        return new MessageView(message);
    }

    /** Whether both are the same record: a cursor names one position of the log. */
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

    /**
     * The result for this selection: one instance for all its subscribers, while the message has few different
     * selections.
     */
    public SharedResult result(FieldSelection fieldSelection) {
        Map<FieldSelection, SharedResult> known = results();
        SharedResult same = known.get(fieldSelection);
        if (same != null) {
            return same;
        }
        return known.size() < CHOICES
                ? known.computeIfAbsent(fieldSelection, first -> first.of(this))
                : fieldSelection.of(this);
    }

    private synchronized Map<FieldSelection, SharedResult> results() {
        Map<FieldSelection, SharedResult> known = results;
        if (known == null) {
            known = new ConcurrentHashMap<>(2);
            results = known;
        }
        return known;
    }
}
