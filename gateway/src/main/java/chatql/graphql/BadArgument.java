package chatql.graphql;

/** An argument is wrong, in an operation whose answer has no place of its own to say so. */
final class BadArgument extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadArgument(String message) {
        super(message, null, false, false);
    }
}
