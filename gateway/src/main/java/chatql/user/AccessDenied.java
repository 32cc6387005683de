package chatql.user;

/** Whoever is speaking may not do this. The message is fit for a client, and tells nothing of anybody else. */
public final class AccessDenied extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whether it isn't known who is speaking, or it is, and they may not. */
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
