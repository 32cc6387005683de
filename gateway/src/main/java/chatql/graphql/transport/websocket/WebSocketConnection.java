package chatql.graphql.transport.websocket;

import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.connection.ClientConnection;
import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.graphql.transport.connection.EndReason;
import chatql.graphql.transport.connection.OutboundQueue;
import chatql.graphql.transport.connection.TransportContext;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.request.RequestRejected;
import chatql.limit.AnswerBudget;
import chatql.limit.Limit;
import chatql.limit.LimitMetrics;
import graphql.parser.ParserOptions;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One client's WebSocket. It handles frames one after the other on the event loop of its channel, to which all of its
 * state belongs.
 */
final class WebSocketConnection extends SimpleChannelInboundHandler<WebSocketFrame> implements ClientConnection {

    private static final Log log = LogFactory.getLog(WebSocketConnection.class);

    private final Channel channel;
    private final ConnectionRegistry connectionRegistry;
    private final TransportSettings settings;
    private final Json json;
    private final ParserOptions parser;
    private final LimitMetrics limitMetrics;
    private final OutboundQueue outboundQueue;
    private final GraphQlWsProtocol graphQlWsProtocol;
    private long lastReceived = System.nanoTime();
    private boolean closing;
    private int closeCode = CloseStatus.NO_STATUS;
    private @Nullable ScheduledFuture<?> initTimer;
    private @Nullable ScheduledFuture<?> heartbeat;

    WebSocketConnection(
            Channel channel, WebSocketGraphQlSession requests, AnswerBudget budget, TransportContext shared) {
        this.channel = channel;
        this.connectionRegistry = shared.connectionRegistry();
        this.settings = shared.settings();
        this.json = shared.json();
        this.parser = shared.parser();
        this.limitMetrics = shared.limitMetrics();
        this.outboundQueue = new OutboundQueue(channel, TextWebSocketFrame::new, settings, budget);
        this.graphQlWsProtocol =
                new GraphQlWsProtocol(this, requests, channel.eventLoop(), outboundQueue, budget, shared);
    }

    @Override
    public Transport transport() {
        return Transport.WEBSOCKET;
    }

    @Override
    public void leave() {
        channel.eventLoop().execute(graphQlWsProtocol::drain);
    }

    @Override
    public void cut() {
        channel.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        long beat = settings.heartbeat().toNanos();
        heartbeat = channel.eventLoop().scheduleAtFixedRate(this::beat, beat, beat, TimeUnit.NANOSECONDS);
        initTimer = after(settings.initTimeout(), this::notAcknowledged);
        connectionRegistry.opened(this);
        channel.config().setAutoRead(true);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        lastReceived = System.nanoTime();
        switch (frame) {
            case CloseWebSocketFrame close -> closedByPeer(close);
            case TextWebSocketFrame text -> receive(ByteBufUtil.getBytes(text.content()));
            case PingWebSocketFrame ping -> pong(ping);
            case BinaryWebSocketFrame binary -> close(CloseStatus.invalid("Messages are text, not binary"));
            default -> {}
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        switch (failure) {
            case CorruptedWebSocketFrameException broken
            when broken.closeStatus().code() == CloseStatus.TOO_BIG.code() ->
                close(Limit.MAX_FRAME, CloseStatus.TOO_BIG);
            case CorruptedWebSocketFrameException broken -> close(CloseStatus.of(broken));
            case TooLongFrameException tooLong -> close(Limit.MAX_FRAME, CloseStatus.TOO_BIG);
            case IOException gone -> cut();
            case PrematureChannelClosureException incomplete -> cut();
            default -> {
                log.error("A WebSocket failed unexpectedly", failure);
                cut();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(EndReason.LOST);
        connectionRegistry.closed(this);
        graphQlWsProtocol.closed(closeCode);
        context.fireChannelInactive();
    }

    /** Sends a message now. A client that keeps sending requests and does not read the responses is disconnected. */
    void say(byte[] message) {
        if (!closing) {
            outboundQueue.sendMessage(message);
            closeWhenFlooded();
        }
    }

    void closeWhenFlooded() {
        if (outboundQueue.flooded()) {
            close(Limit.MAX_PENDING_CONTROL_BYTES, CloseStatus.FLOODED);
        }
    }

    private void close(Limit limit, CloseStatus close) {
        limitMetrics.count(limit);
        close(close);
    }

    void close(CloseStatus close) {
        if (closing) {
            return;
        }
        end(EndReason.CLOSED);
        closeCode = close.code();
        outboundQueue.send(
                new CloseWebSocketFrame(close.code(), close.reason()),
                close.reason().length());
        // The client responds with its own close frame. Until then its bytes are read: a reset would discard ours.
        after(settings.closeGrace(), this::cut);
    }

    private void closedByPeer(CloseWebSocketFrame frame) {
        if (!closing) {
            end(EndReason.CLIENT);
            closeCode = frame.statusCode() < 0 ? CloseStatus.NO_STATUS : frame.statusCode();
            outboundQueue.send(new CloseWebSocketFrame(true, 0, frame.content().retain()), 0);
        }
        cut();
    }

    private void receive(byte[] text) {
        if (closing) {
            return;
        }
        try {
            graphQlWsProtocol.handle(ClientMessage.read(json, parser, text));
        } catch (RequestRejected invalid) {
            close(CloseStatus.invalid(invalid.reason()));
        }
    }

    /** Stops the init timer: the client may send operations now. */
    void acknowledged() {
        stop(initTimer);
        initTimer = null;
    }

    /**
     * Closes a connection without acknowledgement: the client sent no {@code connection_init}, or its authentication
     * takes too long.
     */
    private void notAcknowledged() {
        if (graphQlWsProtocol.initialised()) {
            close(CloseStatus.TRY_LATER);
        } else {
            close(Limit.INIT_TIMEOUT, CloseStatus.INIT_TIMEOUT);
        }
    }

    private void pong(PingWebSocketFrame ping) {
        if (!closing) {
            outboundQueue.send(
                    new PongWebSocketFrame(ping.content().retain()),
                    ping.content().readableBytes());
            closeWhenFlooded();
        }
    }

    private void beat() {
        boolean received =
                System.nanoTime() - lastReceived < settings.readTimeout().toNanos();
        if (received || outboundQueue.tookWithin(settings.readTimeout())) {
            outboundQueue.send(new PingWebSocketFrame(), 0);
        } else {
            cut();
        }
    }

    private void end(EndReason why) {
        closing = true;
        stop(initTimer);
        stop(heartbeat);
        graphQlWsProtocol.end(why);
    }

    private ScheduledFuture<?> after(Duration delay, Runnable step) {
        return channel.eventLoop().schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void stop(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
