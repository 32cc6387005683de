package chatql.kafka.client;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.ForwardingAdmin;

/** An admin client that does not wait long for pending calls when it is closed, because their callers are gone. */
public final class QuickAdmin extends ForwardingAdmin {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    public QuickAdmin(Map<String, Object> settings) {
        super(settings);
    }

    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }
}
