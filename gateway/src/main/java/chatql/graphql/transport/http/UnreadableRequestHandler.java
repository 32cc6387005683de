package chatql.graphql.transport.http;

import chatql.logging.RateLimitedLogger;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.server.HttpServerState;

/** Logs undecodable requests, rate-limited. Reactor Netty's own log line, which is off, includes the whole head. */
public final class UnreadableRequestHandler implements ConnectionObserver {
    private final RateLimitedLogger log = new RateLimitedLogger(UnreadableRequestHandler.class);

    @Override
    public void onStateChange(Connection connection, State state) {
        if (state == HttpServerState.REQUEST_DECODING_FAILED) {
            log.warn(
                    "Rejected a request that is not HTTP, or is too long: {}",
                    connection.channel().remoteAddress());
        }
    }
}
