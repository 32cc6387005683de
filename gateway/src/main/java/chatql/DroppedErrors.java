package chatql;

import chatql.history.HistoryUnavailable;
import chatql.logging.RateLimitedLogger;
import chatql.user.AccessDenied;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import reactor.core.Exceptions;
import reactor.core.publisher.Hooks;
import reactor.netty.channel.AbortedException;

/**
 * Logs errors that Reactor drops because their subscriber has cancelled. Reactor writes a stack trace for each, and a
 * client can cause one by disconnecting at the right moment. Errors of clients, connections and timeouts therefore take
 * one line, rate-limited.
 */
final class DroppedErrors implements InitializingBean {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedErrors.class);
    private static final RateLimitedLogger CAUSED_BY_CLIENTS = new RateLimitedLogger(DroppedErrors.class);

    @Override
    public void afterPropertiesSet() {
        Hooks.onErrorDropped(DroppedErrors::logDropped);
    }

    private static void logDropped(Throwable failure) {
        Throwable cause = Exceptions.unwrap(failure);
        if (isCausedByClient(cause)) {
            CAUSED_BY_CLIENTS.warn("Dropped an error without a subscriber: {}", cause);
        } else {
            LOG.error("Dropped an error without a subscriber", cause);
        }
    }

    private static boolean isCausedByClient(Throwable failure) {
        return failure instanceof AbortedException
                || failure instanceof IOException
                || failure instanceof ChannelException
                || failure instanceof TimeoutException
                || failure instanceof CancellationException
                || failure instanceof HistoryUnavailable
                || failure instanceof AccessDenied;
    }
}
