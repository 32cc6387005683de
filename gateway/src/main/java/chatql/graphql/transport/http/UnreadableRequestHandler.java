package chatql.graphql.transport.http;

import chatql.logging.RateLimitedLogger;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.server.HttpServerState;

/** Says what is no HTTP: Reactor Netty, whose own line for each has all of its head, is told to say nothing. */
public final class UnreadableRequestHandler implements ConnectionObserver {
    private final RateLimitedLogger log = new RateLimitedLogger(UnreadableRequestHandler.class);

    @Override
    public void onStateChange(Connection connection, State state) {
        if (state == HttpServerState.REQUEST_DECODING_FAILED) {
            log.warn(
                    "A request that is no HTTP, or is too long, was refused: {}",
                    connection.channel().remoteAddress());
        }
    }
}
