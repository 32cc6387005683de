package chatql.kafka.failure;

/** Signals that an existing topic is not as the gateway needs it. */
public final class TopicMismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String remedy;

    public TopicMismatch(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** What an operator can do. */
    public String remedy() {
        return remedy;
    }
}
