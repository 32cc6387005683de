package chatql.kafka.failure;

/** Signals that no Kafka cluster is configured, and that this build has no embedded broker. */
public final class BootstrapServersMissing extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BootstrapServersMissing() {
        super("No Kafka cluster is configured, and this build has no embedded broker");
    }

    public BootstrapServersMissing(String message) {
        super(message);
    }
}
