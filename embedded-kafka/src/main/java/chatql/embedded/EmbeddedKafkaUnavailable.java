package chatql.embedded;

/** The embedded broker can't start, for a reason its user can change; the message names it in one line. */
public final class EmbeddedKafkaUnavailable extends RuntimeException {
    EmbeddedKafkaUnavailable(String reason, Throwable cause) {
        super("The embedded Kafka broker can't start: " + reason + " (" + cause.getMessage() + ")", cause);
    }

    EmbeddedKafkaUnavailable(String reason) {
        super("The embedded Kafka broker can't start: " + reason);
    }
}
