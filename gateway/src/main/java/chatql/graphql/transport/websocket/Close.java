package chatql.graphql.transport.websocket;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import java.nio.charset.StandardCharsets;

/** Why the gateway closes a socket: the code a client acts on, and a reason for its author to read. */
record Close(int code, String reason) {

    /** What a socket is closed with when nobody sent a close frame: RFC 6455, 7.1.5. */
    static final int NO_STATUS = 1005;

    static final Close FLOODED = new Close(1008, "Asks for more than it reads");
    static final Close TOO_BIG = new Close(1009, "Message too big");
    static final Close CROWDED = new Close(1013, "Too many connections of this user");
    static final Close TRY_LATER = new Close(1013, "Try again later");
    static final Close LEAVING = new Close(1012, "Service restart");
    static final Close UNAUTHORIZED = new Close(4401, "Unauthorized");
    static final Close FORBIDDEN = new Close(4403, "Forbidden");
    static final Close EXPIRED = new Close(4403, "Token expired");
    static final Close NO_SUBPROTOCOL = new Close(4406, "Subprotocol not acceptable");
    static final Close INIT_TIMEOUT = new Close(4408, "Connection initialisation timeout");
    static final Close TOO_MANY_INITS = new Close(4429, "Too many initialisation requests");

    /** A control frame's 125 bytes less the two of the code: RFC 6455, 5.5. */
    private static final int MAX_REASON = 123;

    /** Shortens a reason that does not fit into a close frame, between two characters. */
    Close {
        while (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON) {
            reason = reason.substring(0, reason.offsetByCodePoints(reason.length(), -1));
        }
    }

    static Close invalid(String reason) {
        return new Close(4400, reason);
    }

    static Close duplicate(String id) {
        return new Close(4409, "Subscriber for " + id + " already exists");
    }

    static Close of(CorruptedWebSocketFrameException broken) {
        return new Close(broken.closeStatus().code(), broken.closeStatus().reasonText());
    }
}
