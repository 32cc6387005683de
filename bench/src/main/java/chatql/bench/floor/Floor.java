package chatql.bench.floor;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/**
 * A chat without guarantees, as fast as Java, Netty and Kafka allow: posted messages are produced, consumed ones are
 * sent to their recipient's WebSockets. Its arguments are the port, the broker's address and the topic.
 */
public final class Floor {
    private static final int LARGEST = 1 << 16;
    static final String PATH = "/chat";

    private Floor() {}

    public static void main(String[] arguments) throws Exception {
        var listeners = new Listeners();
        var log = new Log(arguments[1], arguments[2]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                0, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        new ServerBootstrap()
                .group(group)
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(LARGEST),
                                        new Posts(log),
                                        new WebSocketServerProtocolHandler(PATH),
                                        new Sockets(log, listeners));
                    }
                })
                .bind("127.0.0.1", Integer.parseInt(arguments[0]))
                .sync();
        System.out.println("Serving");
        log.follow(listeners::give);
    }
}
