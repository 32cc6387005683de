package chatql.message;

/** Nothing can be read from this cursor on. The message is fit for a client. */
public final class CursorRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whether the cursor was never one of this user's, or what lies after it isn't kept any more. */
    public enum Reason {
        INVALID,
        EXPIRED
    }

    private final Reason reason;

    private CursorRefused(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public static CursorRefused invalid() {
        return new CursorRefused(Reason.INVALID, "The cursor is not one of this user's messages in this log");
    }

    public static CursorRefused expired() {
        return new CursorRefused(Reason.EXPIRED, "Messages after the cursor are no longer kept");
    }

    /** The log has lost the cursor's message, and all after it. */
    public static CursorRefused lost() {
        return new CursorRefused(Reason.EXPIRED, "The message of the cursor was lost with the end of the log");
    }

    public Reason reason() {
        return reason;
    }
}
