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
 * Logs errors whose subscriber has gone. Reactor writes a stack trace for each, and a client causes one by
 * leaving at the right moment: of those that belong to clients, connections and waits, it is one line.
 */
final class DroppedErrors implements InitializingBean {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedErrors.class);
    private static final RateLimitedLogger OF_CLIENTS = new RateLimitedLogger(DroppedErrors.class);

    @Override
    public void afterPropertiesSet() {
        Hooks.onErrorDropped(DroppedErrors::dropped);
    }

    private static void dropped(Throwable failure) {
        Throwable cause = Exceptions.unwrap(failure);
        if (isOfClients(cause)) {
            OF_CLIENTS.warn("What failed was not waited for any more: {}", cause);
        } else {
            LOG.error("What failed was not waited for any more", cause);
        }
    }

    private static boolean isOfClients(Throwable failure) {
        return failure instanceof AbortedException
                || failure instanceof IOException
                || failure instanceof ChannelException
                || failure instanceof TimeoutException
                || failure instanceof CancellationException
                || failure instanceof HistoryUnavailable
                || failure instanceof AccessDenied;
    }
}
