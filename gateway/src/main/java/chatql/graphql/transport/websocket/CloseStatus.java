package chatql.graphql.transport.websocket;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import java.nio.charset.StandardCharsets;

/** Why the gateway closes a WebSocket: the code for the client's program, and a reason for its developer. */
record CloseStatus(int code, String reason) {

    /** The status of a WebSocket that closes without a close frame: RFC 6455, 7.1.5. */
    static final int NO_STATUS = 1005;

    static final CloseStatus FLOODED = new CloseStatus(1008, "Client is not reading responses");
    static final CloseStatus TOO_BIG = new CloseStatus(1009, "Message too big");
    static final CloseStatus CROWDED = new CloseStatus(1013, "Too many connections of this user");
    static final CloseStatus TRY_LATER = new CloseStatus(1013, "Try again later");
    static final CloseStatus LEAVING = new CloseStatus(1012, "Service restart");
    static final CloseStatus UNAUTHORIZED = new CloseStatus(4401, "Unauthorized");
    static final CloseStatus FORBIDDEN = new CloseStatus(4403, "Forbidden");
    static final CloseStatus EXPIRED = new CloseStatus(4403, "Token expired");
    static final CloseStatus NO_SUBPROTOCOL = new CloseStatus(4406, "Subprotocol not acceptable");
    static final CloseStatus INIT_TIMEOUT = new CloseStatus(4408, "Connection initialisation timeout");
    static final CloseStatus TOO_MANY_INITS = new CloseStatus(4429, "Too many initialisation requests");

    /** A control frame's 125 bytes less the two of the code: RFC 6455, 5.5. */
    private static final int MAX_REASON = 123;

    /** Shortens a reason that does not fit into a close frame, at a character boundary. */
    CloseStatus {
        while (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON) {
            reason = reason.substring(0, reason.offsetByCodePoints(reason.length(), -1));
        }
    }

    static CloseStatus invalid(String reason) {
        return new CloseStatus(4400, reason);
    }

    static CloseStatus duplicate(String id) {
        return new CloseStatus(4409, "Subscriber for " + id + " already exists");
    }

    static CloseStatus of(CorruptedWebSocketFrameException broken) {
        return new CloseStatus(broken.closeStatus().code(), broken.closeStatus().reasonText());
    }
}
