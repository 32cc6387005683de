package chatql.kafka.failure;

/** Kafka hasn't answered at the start; without it there is nothing that the gateway could do. */
public final class KafkaUnresponsive extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KafkaUnresponsive(Throwable cause) {
        super("Kafka did not answer: is it there, and may the gateway describe and create topics?", cause);
    }
}
