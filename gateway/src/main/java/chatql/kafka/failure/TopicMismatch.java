package chatql.kafka.failure;

/** A topic is there, but not as the gateway needs it. */
public final class TopicMismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String remedy;

    public TopicMismatch(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** What to set. */
    public String remedy() {
        return remedy;
    }
}
