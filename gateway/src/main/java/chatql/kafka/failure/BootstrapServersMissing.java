package chatql.kafka.failure;

/** No Kafka cluster is named, and there is no broker inside this process either. */
public final class BootstrapServersMissing extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BootstrapServersMissing() {
        super("No Kafka cluster is named, and this gateway was built without a broker inside");
    }

    public BootstrapServersMissing(String message) {
        super(message);
    }
}
