package chatql.kafka;

/** No Kafka cluster is named, and there is no broker inside this process either. */
final class NoBroker extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoBroker() {
        super("No Kafka cluster is named, and this gateway was built without a broker inside");
    }

    NoBroker(String message) {
        super(message);
    }
}
