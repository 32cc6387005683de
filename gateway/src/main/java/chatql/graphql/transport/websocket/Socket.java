package chatql.graphql.transport.websocket;

import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.connection.Connections;
import chatql.graphql.transport.connection.Connections.Transport;
import chatql.graphql.transport.connection.Ending;
import chatql.graphql.transport.connection.Outbound;
import chatql.graphql.transport.connection.Peer;
import chatql.graphql.transport.connection.SocketEnvironment;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.request.Refusal;
import chatql.limit.AnswerBudget;
import chatql.limit.Limit;
import chatql.limit.TurnedAway;
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
 * One client's WebSocket: its frames are handled one after the other on the event loop of its channel, to which all of its
 * state belongs.
 */
final class Socket extends SimpleChannelInboundHandler<WebSocketFrame> implements Peer {

    private static final Log log = LogFactory.getLog(Socket.class);

    private final Channel channel;
    private final Connections connections;
    private final TransportSettings settings;
    private final Json json;
    private final ParserOptions parser;
    private final TurnedAway turnedAway;
    private final Outbound outbound;
    private final Conversation conversation;
    private long lastHeard = System.nanoTime();
    private boolean closing;
    private int closeCode = Close.NO_STATUS;
    private @Nullable ScheduledFuture<?> initTimer;
    private @Nullable ScheduledFuture<?> heartbeat;

    Socket(Channel channel, SocketRequests requests, AnswerBudget budget, SocketEnvironment around) {
        this.channel = channel;
        this.connections = around.connections();
        this.settings = around.settings();
        this.json = around.json();
        this.parser = around.parser();
        this.turnedAway = around.turnedAway();
        this.outbound = new Outbound(channel, TextWebSocketFrame::new, settings, budget);
        this.conversation = new Conversation(this, requests, channel.eventLoop(), outbound, budget, around);
    }

    @Override
    public Transport transport() {
        return Transport.WEBSOCKET;
    }

    @Override
    public void leave() {
        channel.eventLoop().execute(conversation::leave);
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
        connections.opened(this);
        channel.config().setAutoRead(true);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        lastHeard = System.nanoTime();
        switch (frame) {
            case CloseWebSocketFrame close -> closedByPeer(close);
            case TextWebSocketFrame text -> hear(ByteBufUtil.getBytes(text.content()));
            case PingWebSocketFrame ping -> pong(ping);
            case BinaryWebSocketFrame binary -> close(Close.invalid("Messages are text, not binary"));
            default -> {}
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        switch (failure) {
            case CorruptedWebSocketFrameException broken
            when broken.closeStatus().code() == Close.TOO_BIG.code() -> close(Limit.MAX_FRAME, Close.TOO_BIG);
            case CorruptedWebSocketFrameException broken -> close(Close.of(broken));
            case TooLongFrameException tooLong -> close(Limit.MAX_FRAME, Close.TOO_BIG);
            case IOException gone -> cut();
            case PrematureChannelClosureException inTheMiddle -> cut();
            default -> {
                log.error("A socket failed in a way that nobody foresaw", failure);
                cut();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(Ending.LOST);
        connections.closed(this);
        conversation.closed(closeCode);
        context.fireChannelInactive();
    }

    /** Sends a message now; a client that asks for answers and doesn't read them is closed. */
    void say(byte[] message) {
        if (!closing) {
            outbound.say(message);
            closeWhenFlooded();
        }
    }

    void closeWhenFlooded() {
        if (outbound.flooded()) {
            close(Limit.CONTROL_BOUND, Close.FLOODED);
        }
    }

    private void close(Limit limit, Close close) {
        turnedAway.count(limit);
        close(close);
    }

    void close(Close close) {
        if (closing) {
            return;
        }
        end(Ending.CLOSED);
        closeCode = close.code();
        outbound.send(
                new CloseWebSocketFrame(close.code(), close.reason()),
                close.reason().length());
        // The peer answers with a close frame of its own; until then its bytes are read, or a reset would swallow ours.
        after(settings.closeGrace(), this::cut);
    }

    private void closedByPeer(CloseWebSocketFrame frame) {
        if (!closing) {
            end(Ending.CLIENT);
            closeCode = frame.statusCode() < 0 ? Close.NO_STATUS : frame.statusCode();
            outbound.send(new CloseWebSocketFrame(true, 0, frame.content().retain()), 0);
        }
        cut();
    }

    private void hear(byte[] text) {
        if (closing) {
            return;
        }
        try {
            conversation.handle(Frame.read(json, parser, text));
        } catch (Refusal notSpokenHere) {
            close(Close.invalid(notSpokenHere.reason()));
        }
    }

    /** The client may now say what it wants. */
    void acknowledged() {
        stop(initTimer);
        initTimer = null;
    }

    /** Either the client has not said who it is, or that can't be told in time. */
    private void notAcknowledged() {
        if (conversation.initialised()) {
            close(Close.TRY_LATER);
        } else {
            close(Limit.INIT_TIMEOUT, Close.INIT_TIMEOUT);
        }
    }

    private void pong(PingWebSocketFrame ping) {
        if (!closing) {
            outbound.send(
                    new PongWebSocketFrame(ping.content().retain()),
                    ping.content().readableBytes());
            closeWhenFlooded();
        }
    }

    private void beat() {
        boolean heard = System.nanoTime() - lastHeard < settings.deadAfter().toNanos();
        if (heard || outbound.tookWithin(settings.deadAfter())) {
            outbound.send(new PingWebSocketFrame(), 0);
        } else {
            cut();
        }
    }

    private void end(Ending why) {
        closing = true;
        stop(initTimer);
        stop(heartbeat);
        conversation.end(why);
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
