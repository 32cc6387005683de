package chatql.graphql.transport;

import org.springframework.http.HttpStatus;

/** A request that is not even an operation: its status and its reason, both meant for the client. Carries no stack trace. */
final class Refusal extends RuntimeException {

    private final HttpStatus status;

    Refusal(HttpStatus status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    static Refusal badRequest(String reason) {
        return new Refusal(HttpStatus.BAD_REQUEST, reason);
    }

    HttpStatus status() {
        return status;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
