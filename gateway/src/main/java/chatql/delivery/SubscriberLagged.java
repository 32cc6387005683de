package chatql.delivery;

import chatql.message.Cursor;

/** The listener has missed messages that the tap had for it: they are in history, after the position. */
public final class SubscriberLagged extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Cursor position;

    public SubscriberLagged(Cursor position) {
        super("behind the log", null, false, false);
        this.position = position;
    }

    public Cursor position() {
        return position;
    }
}
