package chatql.kafka.failure;

/** Signals that Kafka did not answer at the start. The gateway cannot run without it. */
public final class KafkaUnresponsive extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KafkaUnresponsive(Throwable cause) {
        super(
                "Kafka did not answer: check that it is reachable, and that the gateway may describe and create topics",
                cause);
    }
}
