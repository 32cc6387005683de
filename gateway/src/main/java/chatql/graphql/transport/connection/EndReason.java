package chatql.graphql.transport.connection;

import graphql.GraphQLError;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why a subscription ended.
 *
 * @param reason a word for it, of which there are few: the codes of errors are the gateway's own, never a client's
 */
public record EndReason(String reason) {
    /** Its source had no more. */
    static final EndReason COMPLETED = new EndReason("completed");

    /** The client said so: it completed the operation, or closed its socket with a close frame. */
    public static final EndReason CLIENT = new EndReason("client");

    /** The connection ended without a word, by which most streams of events end, or its peer was dead. */
    public static final EndReason LOST = new EndReason("lost");

    /** The gateway closed the socket, for what the client did on it. */
    public static final EndReason CLOSED = new EndReason("closed");

    /** The gateway leaves. */
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
