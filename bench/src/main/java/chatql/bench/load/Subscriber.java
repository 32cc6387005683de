package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One subscription over its own WebSocket. Belongs to the event loop. */
final class Subscriber implements Hearing {
    private static final long AGAIN_AFTER_MS = 100;

    private final Network network;
    private final Where where;
    private final Ledger.Ear ear;
    private @Nullable Channel channel;
    private @Nullable String cursor;
    /** Whether it stays disconnected for now. */
    private boolean away;

    Subscriber(Network network, Where where, Ledger.Ear ear) {
        this.network = network;
        this.where = where;
        this.ear = ear;
    }

    @Override
    public void open() {
        away = false;
        connect();
    }

    private void connect() {
        if (away) {
            return;
        }
        network.connect(where.port(), this::initialise).addListener(connected -> {
            if (!connected.isSuccess()) {
                connectLater();
            }
        });
    }

    /**
     * Reconnects after the server disconnected it or a handshake failed; a subscriber that stays disconnected waits for
     * its command.
     */
    private void connectLater() {
        if (!away) {
            network.loop().schedule(this::connect, AGAIN_AFTER_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void initialise(Channel opening) {
        channel = opening;
        opening.pipeline()
                .addLast(new HttpClientCodec(), new HttpObjectAggregator(8192), where.handshake(), new Frames());
    }

    @Override
    public void close() {
        away = true;
        if (channel != null) {
            channel.close();
        }
    }

    private final class Frames extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private boolean welcome;

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                say(context, where.dialect().greeting());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            if (welcome) {
                hear(frame.content());
            } else if (frame.text().contains(where.dialect().welcome())) {
                welcome = true;
                say(context, where.dialect().subscribe(ear.recipient().user(), cursor));
            }
        }

        private void hear(ByteBuf message) {
            Delivery delivery = Delivery.in(message);
            if (delivery != null) {
                cursor = where.dialect().resumes() ? Delivery.cursor(message) : null;
                ear.hear(delivery, System.nanoTime());
            } else {
                System.err.println("Not a message: " + message.toString(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            connectLater();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }

        private static void say(ChannelHandlerContext context, byte[] text) {
            context.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(text)));
        }
    }
}
