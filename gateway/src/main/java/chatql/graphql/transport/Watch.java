package chatql.graphql.transport;

import chatql.user.NotAllowed;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks again at what a visitor has shown when it ends, or may have been taken back. Belongs to the event loop of the
 * visitor's connection.
 */
final class Watch {
    private final Visitor visitor;
    private final EventLoop loop;
    private final Consumer<NotAllowed> end;
    private @Nullable ScheduledFuture<?> next;
    private boolean over;

    private Watch(Visitor visitor, EventLoop loop, Consumer<NotAllowed> end) {
        this.visitor = visitor;
        this.loop = loop;
        this.end = end;
    }

    /**
     * Begins, on the loop.
     *
     * @param end told on the loop, once, when what was shown is no longer good
     * @return ends it, on the loop
     */
    static Runnable over(Visitor visitor, EventLoop loop, Consumer<NotAllowed> end) {
        var watch = new Watch(visitor, loop, end);
        watch.plan();
        return watch::stop;
    }

    private void plan() {
        visitor.goodFor()
                .filter(left -> !over)
                .ifPresent(left -> next = loop.schedule(this::look, left.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void look() {
        visitor.showAgain()
                .subscribe(stillGood -> loop.execute(this::plan), failure -> loop.execute(() -> failed(failure)));
    }

    /** While it can't be told, whoever was let in stays. */
    private void failed(Throwable failure) {
        if (over) {
            return;
        }
        if (failure instanceof NotAllowed denied) {
            over = true;
            end.accept(denied);
        } else {
            plan();
        }
    }

    private void stop() {
        over = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
