package chatql.graphql.transport.connection;

import graphql.GraphQLError;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why a subscription ended, as a label of its meter.
 *
 * @param reason one of few words: the codes of errors are the gateway's own, never a client's
 */
public record EndReason(String reason) {
    /** Its source completed. */
    static final EndReason COMPLETED = new EndReason("completed");

    /** The client completed the operation or sent a close frame. */
    public static final EndReason CLIENT = new EndReason("client");

    /**
     * The connection closed without a close frame, as most event streams do, or the client did not respond any more.
     */
    public static final EndReason LOST = new EndReason("lost");

    /** The gateway closed the WebSocket because of what the client sent. */
    public static final EndReason CLOSED = new EndReason("closed");

    /** The gateway shuts down. */
    static final EndReason DRAINED = new EndReason("drained");

    private static final String UNKNOWN = "error";

    static EndReason of(List<GraphQLError> errors) {
        return errors.stream()
                .map(GraphQLError::getExtensions)
                .filter(extensions -> extensions != null && extensions.get("code") instanceof String)
                .findFirst()
                .map(EndReason::of)
                .orElse(new EndReason(UNKNOWN));
    }

    private static EndReason of(Map<String, Object> extensions) {
        return new EndReason(String.valueOf(extensions.get("code")).toLowerCase(Locale.ROOT));
    }
}
