package chatql.bench.load;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;

/** A server on this machine, and its protocol. */
public record Where(Dialect dialect, int port) {
    private static final int LARGEST_FRAME = 1 << 20;
    private static final int PATIENCE_MS = 30_000;

    /** Creates the handshaker of a WebSocket. */
    WebSocketClientProtocolHandler handshake() {
        return new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(URI.create("ws://127.0.0.1:" + port + dialect.path()))
                .version(WebSocketVersion.V13)
                .subprotocol(dialect.subprotocol())
                .customHeaders(new DefaultHttpHeaders())
                .maxFramePayloadLength(LARGEST_FRAME)
                .handshakeTimeoutMillis(PATIENCE_MS)
                .build());
    }
}
