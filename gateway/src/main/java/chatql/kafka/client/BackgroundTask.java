package chatql.kafka.client;

import chatql.lifecycle.LifecyclePhase;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;

/** A task that runs while the pod runs. */
public abstract class BackgroundTask implements SmartLifecycle {
    private final int phase;
    private @Nullable Disposable running;

    /** @param phase one of {@link LifecyclePhase} */
    protected BackgroundTask(int phase) {
        this.phase = phase;
    }

    /** Starts the task. Disposing the result stops it. */
    protected abstract Disposable begin();

    @Override
    public final synchronized void start() {
        running = begin();
    }

    @Override
    public final synchronized void stop() {
        if (running != null) {
            running.dispose();
            running = null;
        }
    }

    @Override
    public final synchronized boolean isRunning() {
        return running != null;
    }

    @Override
    public final int getPhase() {
        return phase;
    }
}
