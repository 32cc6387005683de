package chatql.delivery;

import java.util.concurrent.Executor;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Where a subscriber takes its messages, and when. It travels in Reactor's context, up from the subscriber. */
public final class DeliveryScheduler {
    private DeliveryScheduler() {}

    /** On this thread, which isn't to be waited for. */
    public static Context on(Executor thread, Context context) {
        // As nothing but an executor: of more, more would be asked and kept for each task.
        return context.put(DeliveryScheduler.class, Schedulers.fromExecutor(task -> thread.execute(task)));
    }

    /** Where this subscriber wants them, or else there. */
    static Scheduler of(ContextView context, Scheduler otherwise) {
        return context.<Scheduler>getOrEmpty(DeliveryScheduler.class).orElse(otherwise);
    }
}
