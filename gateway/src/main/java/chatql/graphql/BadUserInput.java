package chatql.graphql;

/** An invalid argument of an operation whose result type has no {@code errors} field. Carries no stack trace. */
final class BadUserInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadUserInput(String message) {
        super(message, null, false, false);
    }
}
