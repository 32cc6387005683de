package chatql.message;

/** Signals that the log is not the one that this pod serves. A retry succeeds only after an operator has acted. */
public final class LogChanged extends LogUnavailable {
    private static final long serialVersionUID = 1;

    public LogChanged() {
        super("The log has changed, and this gateway stores and delivers nothing until an operator has acted", null);
    }
}
