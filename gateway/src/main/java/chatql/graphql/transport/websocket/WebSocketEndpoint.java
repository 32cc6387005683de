package chatql.graphql.transport.websocket;

import chatql.graphql.transport.admission.AdmissionPermit;
import chatql.graphql.transport.admission.ConnectionLimiter;
import chatql.graphql.transport.connection.TransportContext;
import chatql.graphql.transport.execution.GraphQlExecutor;
import chatql.graphql.transport.request.RequestRejected;
import chatql.logging.RateLimitedLogger;
import chatql.user.CallerAuthenticator;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebSocketGraphQlInterceptor;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.util.context.Context;

/** Upgrades requests to WebSockets and hands each channel to a {@link WebSocketConnection}. */
public final class WebSocketEndpoint {

    static final String SUBPROTOCOL = "graphql-transport-ws";

    private final RateLimitedLogger log = new RateLimitedLogger(WebSocketEndpoint.class);

    private static final int KEY_BYTES = 16;

    /** The length of {@link #KEY_BYTES} bytes in Base64. */
    private static final int KEY_LENGTH = 24;

    private final GraphQlExecutor graphQlExecutor;
    private final CallerAuthenticator callerAuthenticator;
    private final @Nullable WebSocketGraphQlInterceptor interceptor;
    private final TransportContext shared;
    private final int maxFrame;

    /** @param interceptor null where there is none */
    public WebSocketEndpoint(
            GraphQlExecutor graphQlExecutor,
            CallerAuthenticator callerAuthenticator,
            @Nullable WebSocketGraphQlInterceptor interceptor,
            TransportContext shared) {
        this.graphQlExecutor = graphQlExecutor;
        this.callerAuthenticator = callerAuthenticator;
        this.interceptor = interceptor;
        this.shared = shared;
        this.maxFrame = Math.toIntExact(shared.settings().maxFrame().toBytes());
    }

    public static boolean isUpgrade(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    public Mono<Void> handle(HttpServerRequest request, HttpServerResponse response, AdmissionPermit admissionPermit) {
        requireHandshake(request);
        return Mono.deferContextual(context -> {
            boolean supported = offers(request.requestHeaders());
            if (supported) {
                // Netty reads only the first header line, and would leave a connection open for which it finds no
                // protocol.
                request.requestHeaders().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
            }
            WebSocketGraphQlSession requests = new WebSocketGraphQlSession(
                    graphQlExecutor, callerAuthenticator, admissionPermit, interceptor, request, context);
            return upgrade(response, supported, admissionPermit, requests)
                    .onErrorResume(failure -> failed(response, failure));
        });
    }

    /**
     * Rejects every request on which Netty's handshaker would fail, because after that no response is possible: RFC
     * 6455, 4.2.1.
     */
    private static void requireHandshake(HttpServerRequest request) {
        HttpHeaders headers = request.requestHeaders();
        require(request.method().equals(HttpMethod.GET), "its method is GET");
        require(request.version().equals(HttpVersion.HTTP_1_1), "its version is HTTP/1.1");
        require(isOnly(headers, HttpHeaderNames.UPGRADE, "websocket"), "its Upgrade is only websocket");
        require(
                headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true),
                "its Connection has Upgrade, which a proxy may have to forward");
        if (!isOnly(headers, HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")) {
            throw new RequestRejected(HttpStatus.UPGRADE_REQUIRED, "The WebSocket version is 13");
        }
        require(hasKey(headers), "its Sec-WebSocket-Key is 16 bytes in Base64");
        // Frames begin right after the head: a body would be parsed as frames.
        require(
                !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                        && "0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0")),
                "it has no body");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw RequestRejected.badRequest("This is not a WebSocket handshake: " + rule);
        }
    }

    private static boolean isOnly(HttpHeaders headers, CharSequence name, String value) {
        List<String> lines = headers.getAll(name);
        return lines.size() == 1 && lines.getFirst().strip().equalsIgnoreCase(value);
    }

    private static boolean hasKey(HttpHeaders headers) {
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        try {
            return keys.size() == 1
                    && keys.getFirst().length() == KEY_LENGTH
                    && Base64.getDecoder().decode(keys.getFirst()).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static boolean offers(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .anyMatch(name -> name.trim().equals(SUBPROTOCOL));
    }

    private Mono<Void> upgrade(
            HttpServerResponse response,
            boolean supported,
            AdmissionPermit admissionPermit,
            WebSocketGraphQlSession requests) {
        WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder().maxFramePayloadLength(maxFrame);
        return response.sendWebsocket(
                        (in, out) -> {
                            Channel[] channel = new Channel[1];
                            in.withConnection(
                                    connection -> channel[0] = open(connection, supported, admissionPermit, requests));
                            // Nothing reads the headers any more, and they would be kept for as long as the connection
                            // lives.
                            in.headers().clear();
                            response.responseHeaders().clear();
                            return FutureMono.from(channel[0].closeFuture());
                        },
                        supported ? spec.protocols(SUBPROTOCOL).build() : spec.build())
                // Otherwise the observation would keep the handshake's request for as long as the connection lives.
                .contextWrite(context -> Context.empty());
    }

    /**
     * Handles a failure that the client caused by what it sent or by disconnecting: no response is possible any more.
     */
    private Mono<Void> failed(HttpServerResponse response, Throwable failure) {
        Channel[] channel = new Channel[1];
        response.withConnection(connection -> channel[0] = connection.channel());
        if (channel[0].isActive() && !(failure instanceof WebSocketHandshakeException)) {
            return Mono.error(failure);
        }
        log.warn("A WebSocket handshake failed: {}", failure);
        channel[0].close();
        return Mono.empty();
    }

    private Channel open(
            Connection connection,
            boolean supported,
            AdmissionPermit admissionPermit,
            WebSocketGraphQlSession requests) {
        Channel channel = connection.channel();
        admissionPermit.holdUntilClosed(channel);
        // Netty's own response to a corrupted frame resets the connection before the client could read the close frame.
        channel.pipeline().replace(WebSocketFrameDecoder.class, "frames", decoder());
        // From now on, WebSocketConnection enforces the timeouts.
        channel.pipeline().remove(ConnectionLimiter.TIMEOUT_HANDLER);
        connection.addHandlerLast("messages", new WebSocketFrameAggregator(maxFrame));
        WebSocketConnection webSocketConnection =
                new WebSocketConnection(channel, requests, admissionPermit.budget(), shared);
        connection.addHandlerLast("socket", webSocketConnection);
        if (!supported) {
            webSocketConnection.close(CloseStatus.NO_SUBPROTOCOL);
        }
        return channel;
    }

    private WebSocketFrameDecoder decoder() {
        return new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .maxFramePayloadLength(maxFrame)
                .closeOnProtocolViolation(false)
                .build());
    }
}
