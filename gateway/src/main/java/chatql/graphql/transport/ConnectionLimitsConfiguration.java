package chatql.graphql.transport;

import chatql.graphql.transport.admission.ConnectionLimiter;
import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.http.UnchunkedResponses;
import chatql.graphql.transport.http.UnreadableRequestHandler;
import chatql.limit.AnswerBudget;
import chatql.limit.LimitConfiguration;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.netty.http.server.HttpServer;

/** Wires the limits of the HTTP server's connections, for pods of every role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TransportSettings.class)
@Import(LimitConfiguration.class)
public class ConnectionLimitsConfiguration {
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> connectionLimits(
            TransportSettings settings, LimitSettings limits, LimitMetrics limitMetrics, AnswerBudget budget) {
        return factory -> {
            ConnectionLimiter connectionLimiter = new ConnectionLimiter(limits, settings, limitMetrics, budget);
            factory.addServerCustomizers(server -> bounded(server, settings, connectionLimiter));
        };
    }

    /**
     * Bounds connections in number and idle time, and keeps the buffers of a slow client small: with larger ones,
     * megabytes would be queued ahead of every ping.
     */
    static HttpServer bounded(HttpServer server, TransportSettings settings, ConnectionLimiter connectionLimiter) {
        int high = Math.toIntExact(settings.writeHighWaterMark().toBytes());
        int sendBuffer = Math.toIntExact(settings.sendBuffer().toBytes());
        return server.doOnChannelInit(connectionLimiter)
                .childObserve(new UnreadableRequestHandler())
                .mapHandle(UnchunkedResponses::of)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 2, high))
                .childOption(ChannelOption.SO_SNDBUF, sendBuffer);
    }
}
