package chatql.graphql.transport.request;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * A request that is rejected before execution: its status and its reason, both for the client. Carries no stack trace.
 */
public final class RequestRejected extends RuntimeException {

    private final HttpStatus status;
    private final @Nullable String code;

    public RequestRejected(HttpStatus status, String reason) {
        this(status, reason, null);
    }

    /** @param code tells a client what to do, in {@code extensions.code} */
    public RequestRejected(HttpStatus status, String reason, @Nullable String code) {
        super(reason, null, false, false);
        this.status = status;
        this.code = code;
    }

    public static RequestRejected badRequest(String reason) {
        return new RequestRejected(HttpStatus.BAD_REQUEST, reason);
    }

    /** For work that does not fit into the pod's memory budget. */
    public static RequestRejected overloaded() {
        return new RequestRejected(
                HttpStatus.SERVICE_UNAVAILABLE,
                "Too many responses are waiting for their clients: try again later",
                "OVERLOADED");
    }

    public HttpStatus status() {
        return status;
    }

    public Optional<String> code() {
        return Optional.ofNullable(code);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
