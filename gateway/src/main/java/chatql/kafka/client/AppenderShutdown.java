package chatql.kafka.client;

import chatql.lifecycle.LifecyclePhase;
import reactor.core.Disposable;

/** Ends what the appender has under way when the pod shuts down. A bean of its own, so that nothing depends on it. */
public final class AppenderShutdown extends Background {
    private final Appender appender;

    public AppenderShutdown(Appender appender) {
        super(LifecyclePhase.APPENDER);
        this.appender = appender;
    }

    @Override
    protected Disposable begin() {
        return appender::leave;
    }
}
