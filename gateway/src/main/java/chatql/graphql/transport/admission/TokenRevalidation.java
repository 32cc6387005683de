package chatql.graphql.transport.admission;

import chatql.user.AccessDenied;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Ends a connection when what its visitor has shown ends, by this pod's own clock. Until then, it looks again now and then
 * whether that was taken back. Belongs to the event loop of the visitor's connection.
 */
public final class TokenRevalidation {
    /** Between two looks, and the longest that one may take: the end doesn't wait for either. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** However far away a moment is, it is planned anew by then: a token may be good for a million years. */
    private static final Duration MAX_TIME = Duration.ofHours(24);

    private final ConnectionIdentity connectionIdentity;
    private final EventLoop loop;
    private final Consumer<AccessDenied> end;
    private @Nullable ScheduledFuture<?> ending;
    private @Nullable ScheduledFuture<?> nextLook;
    private @Nullable Disposable looking;
    private boolean over;

    private TokenRevalidation(ConnectionIdentity connectionIdentity, EventLoop loop, Consumer<AccessDenied> end) {
        this.connectionIdentity = connectionIdentity;
        this.loop = loop;
        this.end = end;
    }

    /**
     * Begins, on the loop.
     *
     * @param end told on the loop, once, when what was shown is no longer good
     */
    public static TokenRevalidation over(
            ConnectionIdentity connectionIdentity, EventLoop loop, Consumer<AccessDenied> end) {
        var tokenRevalidation = new TokenRevalidation(connectionIdentity, loop, end);
        tokenRevalidation.plan();
        return tokenRevalidation;
    }

    /** Plans anew, by what was shown last. On the loop. */
    public void plan() {
        cancel(ending);
        cancel(nextLook);
        if (!over) {
            ending = connectionIdentity
                    .endsIn()
                    .map(left -> in(left, this::ended))
                    .orElse(null);
            nextLook = connectionIdentity
                    .recheckIn()
                    .map(left -> in(left, this::revalidate))
                    .orElse(null);
        }
    }

    private ScheduledFuture<?> in(Duration left, Runnable step) {
        Duration delay = left.compareTo(MAX_TIME) < 0 ? left : MAX_TIME;
        return loop.schedule(step, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
    }

    private void ended() {
        if (connectionIdentity.endsIn().filter(Duration::isPositive).isPresent()) {
            plan();
        } else {
            end(AccessDenied.unauthorized("The bearer token is not valid"));
        }
    }

    private void revalidate() {
        looking = connectionIdentity
                .revalidate()
                .timeout(PAUSE)
                .subscribe(stillGood -> loop.execute(this::plan), failure -> loop.execute(() -> failed(failure)));
    }

    /** Without a verdict the connection stays, until its end. */
    private void failed(Throwable failure) {
        if (failure instanceof AccessDenied denied) {
            end(denied);
        } else if (!over) {
            nextLook = in(PAUSE, this::revalidate);
        }
    }

    private void end(AccessDenied denied) {
        if (!over) {
            stop();
            end.accept(denied);
        }
    }

    /** On the loop. */
    public void stop() {
        over = true;
        cancel(ending);
        cancel(nextLook);
        if (looking != null) {
            looking.dispose();
        }
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
