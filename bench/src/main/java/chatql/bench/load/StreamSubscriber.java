package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** One subscription as an event stream. It does not resume. Belongs to the event loop. */
final class StreamSubscriber implements Hearing {
    private static final byte[] END = {'\n', '\n'};

    private final Network network;
    private final Where where;
    private final Ledger.Ear ear;
    private @Nullable Channel channel;

    StreamSubscriber(Network network, Where where, Ledger.Ear ear) {
        this.network = network;
        this.where = where;
        this.ear = ear;
    }

    @Override
    public void open() {
        network.connect(where.port(), opening -> {
            channel = opening;
            opening.pipeline().addLast(new HttpClientCodec(), new Events());
        });
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close();
        }
    }

    private final class Events extends SimpleChannelInboundHandler<HttpObject> {
        private final ByteBuf received = Unpooled.buffer();

        @Override
        public void channelActive(ChannelHandlerContext context) {
            byte[] body = where.dialect().stream(ear.recipient().user());
            var post = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.POST, where.dialect().path(), Unpooled.wrappedBuffer(body));
            post.headers()
                    .set(HttpHeaderNames.HOST, "127.0.0.1")
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.ACCEPT, "text/event-stream")
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
            context.writeAndFlush(post);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpContent content) {
                received.writeBytes(content.content());
                takeEvents();
            }
        }

        private void takeEvents() {
            for (int end = end(); end >= 0; end = end()) {
                Delivery delivery = Delivery.in(received.readSlice(end - received.readerIndex()));
                if (delivery != null) {
                    ear.hear(delivery, System.nanoTime());
                }
                received.skipBytes(END.length);
            }
            received.discardReadBytes();
        }

        private int end() {
            for (int at = received.readerIndex(); at < received.writerIndex() - 1; at++) {
                if (received.getByte(at) == '\n' && received.getByte(at + 1) == '\n') {
                    return at;
                }
            }
            return -1;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }
}
