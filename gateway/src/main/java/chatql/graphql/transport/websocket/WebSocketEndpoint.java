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

/** Shakes hands with a client and leaves the connection to a {@link WebSocketConnection}. */
public final class WebSocketEndpoint {

    static final String SUBPROTOCOL = "graphql-transport-ws";

    private final RateLimitedLogger log = new RateLimitedLogger(WebSocketEndpoint.class);

    private static final int KEY_BYTES = 16;

    /** Of that many bytes in Base64. */
    private static final int KEY_LENGTH = 24;

    private final GraphQlExecutor graphQlExecutor;
    private final CallerAuthenticator callerAuthenticator;
    private final @Nullable WebSocketGraphQlInterceptor interceptor;
    private final TransportContext around;
    private final int maxFrame;

    /** @param interceptor null where there is none */
    public WebSocketEndpoint(
            GraphQlExecutor graphQlExecutor,
            CallerAuthenticator callerAuthenticator,
            @Nullable WebSocketGraphQlInterceptor interceptor,
            TransportContext around) {
        this.graphQlExecutor = graphQlExecutor;
        this.callerAuthenticator = callerAuthenticator;
        this.interceptor = interceptor;
        this.around = around;
        this.maxFrame = Math.toIntExact(around.settings().maxFrame().toBytes());
    }

    public static boolean isUpgrade(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    public Mono<Void> handle(HttpServerRequest request, HttpServerResponse response, AdmissionPermit admissionPermit) {
        requireHandshake(request);
        return Mono.deferContextual(context -> {
            boolean spoken = offers(request.requestHeaders());
            if (spoken) {
                // Netty looks at the first line only, and would leave a connection that no line is chosen for to
                // itself.
                request.requestHeaders().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
            }
            WebSocketGraphQlSession requests = new WebSocketGraphQlSession(
                    graphQlExecutor, callerAuthenticator, admissionPermit, interceptor, request, context);
            return upgrade(response, spoken, admissionPermit, requests)
                    .onErrorResume(failure -> failed(response, failure));
        });
    }

    /** Refuses all on which Netty's handshaker would fail, when nothing can be answered any more: RFC 6455, 4.2.1. */
    private static void requireHandshake(HttpServerRequest request) {
        HttpHeaders headers = request.requestHeaders();
        require(request.method().equals(HttpMethod.GET), "it comes by GET");
        require(request.version().equals(HttpVersion.HTTP_1_1), "it comes by HTTP/1.1");
        require(isOnly(headers, HttpHeaderNames.UPGRADE, "websocket"), "its Upgrade is websocket and nothing else");
        require(
                headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true),
                "its Connection has Upgrade, which a proxy in between may have to pass on");
        if (!isOnly(headers, HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")) {
            throw new RequestRejected(HttpStatus.UPGRADE_REQUIRED, "The WebSocket version is 13");
        }
        require(hasKey(headers), "its Sec-WebSocket-Key is 16 bytes in Base64");
        // Frames begin behind the head: a body would be taken for them.
        require(
                !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                        && "0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0")),
                "it has no body");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw RequestRejected.badRequest("This is no WebSocket handshake: " + rule);
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
            boolean spoken,
            AdmissionPermit admissionPermit,
            WebSocketGraphQlSession requests) {
        WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder().maxFramePayloadLength(maxFrame);
        return response.sendWebsocket(
                        (in, out) -> {
                            Channel[] channel = new Channel[1];
                            in.withConnection(
                                    connection -> channel[0] = open(connection, spoken, admissionPermit, requests));
                            // They would be kept for as long as the socket lives, and nobody reads them any more.
                            in.headers().clear();
                            response.responseHeaders().clear();
                            return FutureMono.from(channel[0].closeFuture());
                        },
                        spoken ? spec.protocols(SUBPROTOCOL).build() : spec.build())
                // Or else the handshake's request would be kept, by its observation, for as long as the socket lives.
                .contextWrite(context -> Context.empty());
    }

    /** What its client has caused, by what it sent or by leaving: no answer can be given any more. */
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
            Connection connection, boolean spoken, AdmissionPermit admissionPermit, WebSocketGraphQlSession requests) {
        Channel channel = connection.channel();
        admissionPermit.holdUntilClosed(channel);
        // Netty's own answer to a broken frame resets the connection before the client could read it.
        channel.pipeline().replace(WebSocketFrameDecoder.class, "frames", decoder());
        // From now on it is the socket that says who may stay.
        channel.pipeline().remove(ConnectionLimiter.PATIENCE);
        connection.addHandlerLast("messages", new WebSocketFrameAggregator(maxFrame));
        WebSocketConnection webSocketConnection =
                new WebSocketConnection(channel, requests, admissionPermit.budget(), around);
        connection.addHandlerLast("socket", webSocketConnection);
        if (!spoken) {
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
