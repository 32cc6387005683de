package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP connections that are kept open, each with one request at a time; a request for which none is idle waits for one.
 * Belongs to the event loop.
 */
final class Lines {
    private static final int LARGEST_ANSWER = 4 << 20;

    /** @param answered told the answer's body, or null where there was none */
    private record Request(ByteBuf body, Consumer<@Nullable ByteBuf> answered) {}

    private final Network network;
    private final Where where;
    private final List<Channel> open = new ArrayList<>();
    private final Queue<Line> idle = new ArrayDeque<>();
    private final Queue<Request> waiting = new ArrayDeque<>();
    private boolean closed;

    Lines(Network network, Where where) {
        this.network = network;
        this.where = where;
    }

    /** Completes when so many connections are open. */
    CompletableFuture<Void> open(int connections) {
        var all = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < connections; i++) {
            all.add(connect());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    void post(byte[] body, Consumer<@Nullable ByteBuf> answered) {
        var request = new Request(Unpooled.wrappedBuffer(body), answered);
        Line line = idle.poll();
        if (line == null) {
            waiting.add(request);
        } else {
            line.send(request);
        }
    }

    void close() {
        closed = true;
        waiting.clear();
        open.forEach(Channel::close);
    }

    private CompletableFuture<Void> connect() {
        var done = new CompletableFuture<Void>();
        network.connect(
                        where.port(),
                        channel -> channel.pipeline()
                                .addLast(new HttpClientCodec(), new HttpObjectAggregator(LARGEST_ANSWER), new Line()))
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(connected.cause());
                    }
                });
        return done;
    }

    private final class Line extends SimpleChannelInboundHandler<FullHttpResponse> {
        private @Nullable Channel channel;
        private @Nullable Request pending;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
            open.add(channel);
            next();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            Request answered = pending;
            pending = null;
            if (answered != null) {
                answered.answered().accept(response.content());
            }
            next();
        }

        /** Whoever was closed by the server comes back; what it had asked counts as failed. */
        @Override
        public void channelInactive(ChannelHandlerContext context) {
            idle.remove(this);
            open.remove(context.channel());
            if (pending != null) {
                pending.answered().accept(null);
                pending = null;
            }
            if (!closed) {
                connect();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }

        private void next() {
            Request request = waiting.poll();
            if (request == null) {
                idle.add(this);
            } else {
                send(request);
            }
        }

        private void send(Request request) {
            Channel to = channel;
            if (to == null) {
                return;
            }
            pending = request;
            var post = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.POST, where.dialect().path(), request.body());
            post.headers()
                    .set(HttpHeaderNames.HOST, "127.0.0.1")
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.ACCEPT, "application/json")
                    .set(HttpHeaderNames.CONTENT_LENGTH, request.body().readableBytes());
            to.writeAndFlush(post);
        }
    }
}
