package chatql.kafka.failure;

/** No Kafka cluster is named, and there is no broker inside this process either. */
public final class NoBroker extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NoBroker() {
        super("No Kafka cluster is named, and this gateway was built without a broker inside");
    }

    public NoBroker(String message) {
        super(message);
    }
}
