package chatql.kafka;

/** A topic is there, but not as the gateway needs it. The message says what to set. */
final class TopicMismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    TopicMismatch(String message) {
        super(message);
    }
}
