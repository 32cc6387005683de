package chatql.embedded;

/** Signals that the embedded broker cannot start, for a reason that its user can change. The message is one line. */
public final class EmbeddedKafkaUnavailable extends RuntimeException {
    EmbeddedKafkaUnavailable(String reason, Throwable cause) {
        super("The embedded Kafka broker can't start: " + reason + " (" + cause.getMessage() + ")", cause);
    }

    EmbeddedKafkaUnavailable(String reason) {
        super("The embedded Kafka broker can't start: " + reason);
    }
}
