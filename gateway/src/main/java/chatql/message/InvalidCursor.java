package chatql.message;

/** Signals that a read cannot start at this cursor. The message may be shown to clients. */
public final class InvalidCursor extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whether the cursor was never one of this user's, or the messages after it are no longer retained. */
    public enum Reason {
        INVALID,
        EXPIRED
    }

    private final Reason reason;

    private InvalidCursor(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public static InvalidCursor invalid() {
        return new InvalidCursor(Reason.INVALID, "The cursor is not one of this user's messages in this log");
    }

    public static InvalidCursor expired() {
        return new InvalidCursor(Reason.EXPIRED, "Messages after the cursor are no longer kept");
    }

    /** The log has lost the cursor's message, and all messages after it. */
    public static InvalidCursor lost() {
        return new InvalidCursor(Reason.EXPIRED, "The message of the cursor was lost with the end of the log");
    }

    public Reason reason() {
        return reason;
    }
}
