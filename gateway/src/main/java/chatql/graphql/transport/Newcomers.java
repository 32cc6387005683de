package chatql.graphql.transport;

import chatql.limit.Limit;
import chatql.limit.LimitSettings;
import chatql.limit.TurnedAway;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelPipelineConfigurer;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

/** Whoever connects: there are only so many, and each must come to the point in time. */
final class Newcomers implements ChannelPipelineConfigurer {
    static final String PATIENCE = "patience";

    private final LimitSettings limits;
    private final TurnedAway turnedAway;
    private final AtomicInteger open = new AtomicInteger();

    Newcomers(LimitSettings limits, TurnedAway turnedAway) {
        this.limits = limits;
        this.turnedAway = turnedAway;
    }

    @Override
    public void onChannelInit(ConnectionObserver observer, Channel channel, @Nullable SocketAddress remote) {
        int now = open.incrementAndGet();
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        if (now > limits.channels()) {
            turnedAway.count(Limit.CHANNELS);
            channel.close();
        } else {
            channel.pipeline().addAfter(NettyPipeline.HttpCodec, PATIENCE, new Patience(limits, turnedAway));
        }
    }
}
