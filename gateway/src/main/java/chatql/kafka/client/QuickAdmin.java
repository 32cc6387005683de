package chatql.kafka.client;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.ForwardingAdmin;

/** An admin client that does not wait for answers when it is closed: the caller has gone by then. */
public final class QuickAdmin extends ForwardingAdmin {
    private static final Duration MAX_CLOSE_TIME = Duration.ofSeconds(1);

    public QuickAdmin(Map<String, Object> settings) {
        super(settings);
    }

    @Override
    public void close() {
        close(MAX_CLOSE_TIME);
    }
}
