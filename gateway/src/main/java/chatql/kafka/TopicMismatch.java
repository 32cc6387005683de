package chatql.kafka;

/** A topic is there, but not as the gateway needs it. */
final class TopicMismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String remedy;

    TopicMismatch(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** What to set. */
    String remedy() {
        return remedy;
    }
}
