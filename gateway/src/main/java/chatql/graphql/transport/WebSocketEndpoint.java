package chatql.graphql.transport;

import chatql.user.Callers;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import java.util.Arrays;
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

/** Shakes hands with a client and leaves the connection to a {@link Socket}. */
final class WebSocketEndpoint {

    static final String SUBPROTOCOL = "graphql-transport-ws";

    private final Execution execution;
    private final Callers callers;
    private final @Nullable WebSocketGraphQlInterceptor interceptor;
    private final SocketEnvironment around;
    private final int maxFrame;

    /** @param interceptor null where there is none */
    WebSocketEndpoint(
            Execution execution,
            Callers callers,
            @Nullable WebSocketGraphQlInterceptor interceptor,
            SocketEnvironment around) {
        this.execution = execution;
        this.callers = callers;
        this.interceptor = interceptor;
        this.around = around;
        this.maxFrame = Math.toIntExact(around.settings().maxFrame().toBytes());
    }

    static boolean isUpgrade(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    Mono<Void> handle(HttpServerRequest request, HttpServerResponse response, Guest guest) {
        requireHandshake(request);
        return Mono.deferContextual(context -> {
            boolean spoken = offers(request.requestHeaders());
            SocketRequests requests = new SocketRequests(execution, callers, guest, interceptor, request, context);
            return upgrade(response, spoken, guest, requests);
        });
    }

    /** Refuses what Netty would answer with a failure: RFC 6455, 4.2.1. */
    private static void requireHandshake(HttpServerRequest request) {
        HttpHeaders headers = request.requestHeaders();
        if (!request.method().equals(HttpMethod.GET) || !headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
            throw Refusal.badRequest("This is no WebSocket handshake");
        }
        if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw new Refusal(HttpStatus.UPGRADE_REQUIRED, "The WebSocket version is 13");
        }
    }

    private static boolean offers(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .anyMatch(name -> name.trim().equals(SUBPROTOCOL));
    }

    private Mono<Void> upgrade(HttpServerResponse response, boolean spoken, Guest guest, SocketRequests requests) {
        WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder().maxFramePayloadLength(maxFrame);
        return response.sendWebsocket(
                        (in, out) -> {
                            Channel[] channel = new Channel[1];
                            in.withConnection(connection -> channel[0] = open(connection, spoken, guest, requests));
                            // They would be kept for as long as the socket lives, and nobody reads them any more.
                            in.headers().clear();
                            response.responseHeaders().clear();
                            return FutureMono.from(channel[0].closeFuture());
                        },
                        spoken ? spec.protocols(SUBPROTOCOL).build() : spec.build())
                // Or else the handshake's request would be kept, by its observation, for as long as the socket lives.
                .contextWrite(context -> Context.empty());
    }

    private Channel open(Connection connection, boolean spoken, Guest guest, SocketRequests requests) {
        Channel channel = connection.channel();
        guest.stay(channel);
        // Netty's own answer to a broken frame resets the connection before the client could read it.
        channel.pipeline().replace(WebSocketFrameDecoder.class, "frames", decoder());
        // From now on it is the socket that says who may stay.
        channel.pipeline().remove(Newcomers.PATIENCE);
        connection.addHandlerLast("messages", new WebSocketFrameAggregator(maxFrame));
        Socket socket = new Socket(channel, requests, around);
        connection.addHandlerLast("socket", socket);
        if (!spoken) {
            socket.close(Close.NO_SUBPROTOCOL);
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
