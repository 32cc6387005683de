package chatql.kafka.client;

import chatql.lifecycle.LifecyclePhase;
import reactor.core.Disposable;

/** Fails pending appends when the pod shuts down. A bean of its own, so that no other bean depends on it. */
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
