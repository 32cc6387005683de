package chatql.delivery;

import chatql.message.Cursor;

/** Signals that a subscriber has missed live messages. They are in history, after the position. */
public final class SubscriberLagged extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Cursor position;

    public SubscriberLagged(Cursor position) {
        super("the subscriber lags behind the log", null, false, false);
        this.position = position;
    }

    public Cursor position() {
        return position;
    }
}
