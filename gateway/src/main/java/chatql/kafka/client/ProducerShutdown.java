package chatql.kafka.client;

import chatql.lifecycle.LifecyclePhase;
import reactor.core.Disposable;

/** Ends what the appender has under way when the pod shuts down. A bean of its own, so that nothing depends on it. */
public final class ProducerShutdown extends BackgroundTask {
    private final DurableProducer durableProducer;

    public ProducerShutdown(DurableProducer durableProducer) {
        super(LifecyclePhase.APPENDER);
        this.durableProducer = durableProducer;
    }

    @Override
    protected Disposable begin() {
        return durableProducer::leave;
    }
}
