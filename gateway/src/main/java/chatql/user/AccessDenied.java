package chatql.user;

/**
 * Signals that the caller may not do this. The message may be shown to the client and reveals nothing about other
 * users.
 */
public final class AccessDenied extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whether the caller is not authenticated, or is authenticated and not permitted. */
    public enum Reason {
        UNAUTHORIZED,
        FORBIDDEN
    }

    private final Reason reason;

    private AccessDenied(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public static AccessDenied unauthorized(String message) {
        return new AccessDenied(Reason.UNAUTHORIZED, message);
    }

    public static AccessDenied forbidden() {
        return new AccessDenied(Reason.FORBIDDEN, "You may not do this");
    }

    public Reason reason() {
        return reason;
    }
}
