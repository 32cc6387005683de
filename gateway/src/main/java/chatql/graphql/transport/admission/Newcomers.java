package chatql.graphql.transport.admission;

import chatql.graphql.transport.budget.TransportSettings;
import chatql.limit.Address;
import chatql.limit.AnswerBudget;
import chatql.limit.Limit;
import chatql.limit.LimitSettings;
import chatql.limit.Places;
import chatql.limit.TurnedAway;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelPipelineConfigurer;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

/**
 * Whoever connects: there are only so many, in all and from one address, and each must come to the point in time. Behind
 * proxies the address is theirs and says nothing.
 */
public final class Newcomers implements ChannelPipelineConfigurer {
    public static final String PATIENCE = "patience";
    private static final String ALL = "";

    private final LimitSettings limits;
    private final TransportSettings settings;
    private final TurnedAway turnedAway;
    private final AnswerBudget budget;
    private final Places all;
    private final Places ofAddress;

    public Newcomers(LimitSettings limits, TransportSettings settings, TurnedAway turnedAway, AnswerBudget budget) {
        this.limits = limits;
        this.settings = settings;
        this.budget = budget;
        this.turnedAway = turnedAway;
        this.all = new Places(limits.channels());
        this.ofAddress = new Places(limits.channelsPerAddress());
    }

    @Override
    public void onChannelInit(ConnectionObserver observer, Channel channel, @Nullable SocketAddress none) {
        Address address = address(channel);
        boolean direct = limits.proxies() == 0;
        if (hasPlace(channel, all, ALL) && (!direct || hasPlace(channel, ofAddress, address.key()))) {
            AnswerBudget share = direct ? budget.of(address) : budget;
            channel.pipeline()
                    .addAfter(NettyPipeline.HttpCodec, null, new DecodingFailureHandler())
                    .addAfter(NettyPipeline.HttpCodec, PATIENCE, new Patience(limits, settings, turnedAway, share));
        } else {
            turnedAway.count(Limit.CHANNELS);
            channel.close();
        }
    }

    private static boolean hasPlace(Channel channel, Places places, String key) {
        boolean taken = places.take(key);
        if (taken) {
            channel.closeFuture().addListener(closed -> places.leave(key));
        }
        return taken;
    }

    private static Address address(Channel channel) {
        // Of a server's channels, Reactor Netty gives the listener no remote address.
        return Address.of(channel.remoteAddress() instanceof InetSocketAddress known ? known : null, List.of(), 0);
    }
}
