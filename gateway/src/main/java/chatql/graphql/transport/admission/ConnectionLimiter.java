package chatql.graphql.transport.admission;

import chatql.graphql.transport.budget.TransportSettings;
import chatql.limit.AnswerBudget;
import chatql.limit.ClientAddress;
import chatql.limit.KeyedSemaphore;
import chatql.limit.Limit;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelPipelineConfigurer;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

/**
 * Limits open connections, in all and per address, and adds the handlers that time out slow ones. Behind proxies the
 * remote address is the proxy's, so the limit per address does not apply.
 */
public final class ConnectionLimiter implements ChannelPipelineConfigurer {
    public static final String TIMEOUT_HANDLER = "timeouts";
    private static final String ALL = "";

    private final LimitSettings limits;
    private final TransportSettings settings;
    private final LimitMetrics limitMetrics;
    private final AnswerBudget budget;
    private final KeyedSemaphore all;
    private final KeyedSemaphore ofAddress;

    public ConnectionLimiter(
            LimitSettings limits, TransportSettings settings, LimitMetrics limitMetrics, AnswerBudget budget) {
        this.limits = limits;
        this.settings = settings;
        this.budget = budget;
        this.limitMetrics = limitMetrics;
        this.all = new KeyedSemaphore(limits.channels());
        this.ofAddress = new KeyedSemaphore(limits.channelsPerAddress());
    }

    @Override
    public void onChannelInit(ConnectionObserver observer, Channel channel, @Nullable SocketAddress none) {
        ClientAddress clientAddress = clientAddress(channel);
        boolean direct = limits.proxies() == 0;
        if (acquired(channel, all, ALL) && (!direct || acquired(channel, ofAddress, clientAddress.key()))) {
            AnswerBudget share = direct ? budget.of(clientAddress) : budget;
            channel.pipeline()
                    .addAfter(NettyPipeline.HttpCodec, null, new DecodingFailureHandler())
                    .addAfter(
                            NettyPipeline.HttpCodec,
                            TIMEOUT_HANDLER,
                            new HttpTimeoutHandler(limits, settings, limitMetrics, share));
        } else {
            limitMetrics.count(Limit.CHANNELS);
            channel.close();
        }
    }

    private static boolean acquired(Channel channel, KeyedSemaphore keyedSemaphore, String key) {
        boolean taken = keyedSemaphore.tryAcquire(key);
        if (taken) {
            channel.closeFuture().addListener(closed -> keyedSemaphore.release(key));
        }
        return taken;
    }

    private static ClientAddress clientAddress(Channel channel) {
        // For a server's channels, Reactor Netty passes no remote address to the configurer.
        return ClientAddress.of(
                channel.remoteAddress() instanceof InetSocketAddress known ? known : null, List.of(), 0);
    }
}
