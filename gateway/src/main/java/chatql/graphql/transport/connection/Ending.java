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
public record Ending(String reason) {
    /** Its source had no more. */
    static final Ending COMPLETED = new Ending("completed");

    /** The client said so: it completed the operation, or closed its socket with a close frame. */
    public static final Ending CLIENT = new Ending("client");

    /** The connection ended without a word, by which most streams of events end, or its peer was dead. */
    public static final Ending LOST = new Ending("lost");

    /** The gateway closed the socket, for what the client did on it. */
    public static final Ending CLOSED = new Ending("closed");

    /** The gateway leaves. */
    static final Ending DRAINED = new Ending("drained");

    private static final String UNKNOWN = "error";

    static Ending of(List<GraphQLError> errors) {
        return errors.stream()
                .map(GraphQLError::getExtensions)
                .filter(extensions -> extensions != null && extensions.get("code") instanceof String)
                .findFirst()
                .map(Ending::of)
                .orElse(new Ending(UNKNOWN));
    }

    private static Ending of(Map<String, Object> extensions) {
        return new Ending(String.valueOf(extensions.get("code")).toLowerCase(Locale.ROOT));
    }
}
