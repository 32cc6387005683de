package chatql.delivery;

import java.util.concurrent.Executor;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The scheduler on which a subscriber receives its messages. It travels in Reactor's context, from the subscriber
 * upstream.
 */
public final class DeliveryScheduler {
    private DeliveryScheduler() {}

    /** Delivers on this executor, which does not block the publisher. */
    public static Context on(Executor thread, Context context) {
        // Passed as a plain Executor: for an ExecutorService, Reactor would submit and retain a future per task.
        return context.put(DeliveryScheduler.class, Schedulers.fromExecutor(task -> thread.execute(task)));
    }

    /** Returns the subscriber's scheduler, or the given one if the subscriber has named none. */
    static Scheduler of(ContextView context, Scheduler otherwise) {
        return context.<Scheduler>getOrEmpty(DeliveryScheduler.class).orElse(otherwise);
    }
}
