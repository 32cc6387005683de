package chatql.graphql;

/** An argument is wrong, in an operation whose answer has no place of its own to say so. */
final class BadUserInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadUserInput(String message) {
        super(message, null, false, false);
    }
}
