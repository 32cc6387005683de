package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Persistent connections, each with one request at a time; a request waits for an idle one. Belongs to the event loop.
 */
final class Lines {
    private static final int LARGEST_ANSWER = 4 << 20;

    /** The transport of the connections. */
    enum Wire {
        HTTP,
        WEBSOCKET
    }

    private final Network network;
    private final Where where;
    private final Wire wire;
    private final Set<Channel> open = new HashSet<>();
    private final Queue<Line> idle = new ArrayDeque<>();
    private final Queue<Line.Request> waiting = new ArrayDeque<>();
    private final CompletableFuture<Void> enough = new CompletableFuture<>();
    private int wanted;
    private boolean closed;

    Lines(Network network, Where where, Wire wire) {
        this.network = network;
        this.where = where;
        this.wire = wire;
    }

    /** Completes once {@code connections} connections are open. */
    CompletableFuture<Void> open(int connections) {
        wanted = connections;
        for (int i = 0; i < connections; i++) {
            connect();
        }
        return enough;
    }

    /** @param answered receives the response's body, or null where there was none */
    void post(byte[] body, Consumer<@Nullable ByteBuf> answered) {
        var request = new Line.Request(Unpooled.wrappedBuffer(body), answered);
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
        Set.copyOf(open).forEach(Channel::close);
    }

    void ready(Line line, Channel channel) {
        open.add(channel);
        Line.Request request = waiting.poll();
        if (request == null) {
            idle.add(line);
        } else {
            line.send(request);
        }
        if (open.size() >= wanted) {
            enough.complete(null);
        }
    }

    /** Reconnects a connection that the server closed. */
    void gone(Line line, Channel channel) {
        idle.remove(line);
        open.remove(channel);
        if (!closed) {
            connect();
        }
    }

    private void connect() {
        network.connect(where.port(), this::initialise).addListener((ChannelFutureListener) connected -> {
            if (!connected.isSuccess()) {
                enough.completeExceptionally(connected.cause());
            }
        });
    }

    private void initialise(Channel channel) {
        channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(LARGEST_ANSWER));
        switch (wire) {
            case HTTP -> channel.pipeline().addLast(new HttpLine(this, where.dialect()));
            case WEBSOCKET -> channel.pipeline().addLast(where.handshake(), new SocketLine(this, where.dialect()));
        }
    }
}
