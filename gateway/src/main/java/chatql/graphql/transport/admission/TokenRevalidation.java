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
 * Ends a connection when its token expires, by this pod's own clock, and validates the token again from time to time
 * until then, in case its key is revoked. Belongs to the connection's event loop.
 */
public final class TokenRevalidation {
    /** The pause after a failed validation, and the timeout of each. The expiry waits for neither. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** The longest delay of a timer, which is then scheduled anew: a token may be valid for a million years. */
    private static final Duration MAX_TIME = Duration.ofHours(24);

    private final ConnectionIdentity connectionIdentity;
    private final EventLoop loop;
    private final Consumer<AccessDenied> end;
    private @Nullable ScheduledFuture<?> ending;
    private @Nullable ScheduledFuture<?> nextValidation;
    private @Nullable Disposable validating;
    private boolean over;

    private TokenRevalidation(ConnectionIdentity connectionIdentity, EventLoop loop, Consumer<AccessDenied> end) {
        this.connectionIdentity = connectionIdentity;
        this.loop = loop;
        this.end = end;
    }

    /**
     * Starts, on the loop.
     *
     * @param end called on the loop, once, when the token is no longer valid
     */
    public static TokenRevalidation over(
            ConnectionIdentity connectionIdentity, EventLoop loop, Consumer<AccessDenied> end) {
        var tokenRevalidation = new TokenRevalidation(connectionIdentity, loop, end);
        tokenRevalidation.plan();
        return tokenRevalidation;
    }

    /** Schedules expiry and validation by the latest token. On the loop. */
    public void plan() {
        cancel(ending);
        cancel(nextValidation);
        if (!over) {
            ending = connectionIdentity
                    .endsIn()
                    .map(left -> in(left, this::ended))
                    .orElse(null);
            nextValidation = connectionIdentity
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
        validating = connectionIdentity
                .revalidate()
                .timeout(PAUSE)
                .subscribe(valid -> loop.execute(this::plan), failure -> loop.execute(() -> failed(failure)));
    }

    /** Without a result of the validation, the connection stays open until its token expires. */
    private void failed(Throwable failure) {
        if (failure instanceof AccessDenied denied) {
            end(denied);
        } else if (!over) {
            nextValidation = in(PAUSE, this::revalidate);
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
        cancel(nextValidation);
        if (validating != null) {
            validating.dispose();
        }
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
