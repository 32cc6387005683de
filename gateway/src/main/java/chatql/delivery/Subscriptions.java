package chatql.delivery;

import chatql.history.History;
import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.message.Cursor;
import chatql.message.InvalidCursor;
import chatql.message.LogRange;
import chatql.message.Message;
import chatql.message.MessageLog;
import chatql.user.UserId;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Joins stored and live messages. A subscription is a position in the log. It reads the messages after that position
 * from history, page by page, up to the offset at which the tap starts, and takes all further messages from the tap. A
 * subscriber that is too slow for the tap repeats this from its current position.
 */
public final class Subscriptions {
    private final MessageLog log;
    private final Tap tap;
    private final History history;
    private final Duration historyTimeout;
    private final PageBuffer buffer;

    /**
     * @param historyTimeout how long a subscription waits for history while that is unavailable
     * @param buffer of the pages that all subscriptions have read
     */
    public Subscriptions(MessageLog log, Tap tap, History history, Duration historyTimeout, PageBuffer buffer) {
        this.log = log;
        this.tap = tap;
        this.history = history;
        this.historyTimeout = historyTimeout;
        this.buffer = buffer;
    }

    /**
     * Emits an event for every message to the user from the start position on, once each and in the log's order. It
     * emits as fast as the subscriber requests and reads at most one page ahead. Errors with {@link InvalidCursor},
     * {@link HistoryUnavailable} or {@link chatql.message.LogUnavailable}. After either of the latter two, a client resumes
     * with the cursor of the last message.
     *
     * @param subscriptionObserver called by the thread that emits the events
     */
    public <E> Flux<E> events(UserId user, StartPosition startPosition, SubscriptionObserver<E> subscriptionObserver) {
        return switch (startPosition) {
            case StartPosition.Now() -> follow(user, new ResumePosition(null, null), subscriptionObserver);
            case StartPosition.Latest() ->
                follow(user, logRange -> new ResumePosition(null, logRange), subscriptionObserver);
            case StartPosition.Earliest() ->
                follow(user, logRange -> new ResumePosition(logRange.earliest(), null), subscriptionObserver);
            case StartPosition.After(Cursor cursor) ->
                follow(user, logRange -> new ResumePosition(checked(cursor, logRange), null), subscriptionObserver);
        };
    }

    private <E> Flux<E> follow(
            UserId user, Function<LogRange, ResumePosition> start, SubscriptionObserver<E> subscriptionObserver) {
        return log.logRange(user).flatMapMany(logRange -> follow(user, start.apply(logRange), subscriptionObserver));
    }

    private static Cursor checked(Cursor cursor, LogRange logRange) {
        if (logRange.hasLost(cursor)) {
            throw InvalidCursor.lost();
        }
        if (!logRange.covers(cursor)) {
            throw InvalidCursor.invalid();
        }
        if (!logRange.keepsAllAfter(cursor)) {
            throw InvalidCursor.expired();
        }
        return cursor;
    }

    private <E> Flux<E> follow(
            UserId user, ResumePosition resumePosition, SubscriptionObserver<E> subscriptionObserver) {
        // An operator for retries would take more memory than the rest of the subscription.
        return Flux.defer(() -> join(user, resumePosition, subscriptionObserver))
                .onErrorResume(SubscriberLagged.class, subscriberLagged -> {
                    resumePosition.interrupted(subscriberLagged.position());
                    subscriptionObserver.lagged();
                    return Flux.empty();
                })
                .repeat(resumePosition::shouldResume)
                .doFinally(end -> subscriptionObserver.ended());
    }

    /** The position that one subscription has reached. Accessed only by the thread that emits the messages. */
    private static final class ResumePosition {
        private @Nullable Cursor position;
        private @Nullable LogRange unannounced;
        private boolean shouldResume;

        /** @param unannounced the range of the log if the start position is to be announced; otherwise null */
        ResumePosition(@Nullable Cursor start, @Nullable LogRange unannounced) {
            position = start;
            this.unannounced = unannounced;
        }

        /** The start position, once, if it is to be announced. */
        @Nullable
        Cursor announce(long begin) {
            LogRange logRange = unannounced;
            unannounced = null;
            return logRange == null ? null : logRange.before(begin);
        }

        @Nullable
        Cursor begin() {
            shouldResume = false;
            return position;
        }

        /** Resumes from this position, or from the start position if that is later. */
        void interrupted(Cursor behind) {
            shouldResume = true;
            if (position == null || behind.offset() > position.offset()) {
                position = behind;
            }
        }

        boolean shouldResume() {
            return shouldResume;
        }
    }

    private <E> Flux<E> join(UserId user, ResumePosition resumePosition, SubscriptionObserver<E> subscriptionObserver) {
        Cursor position = resumePosition.begin();
        return Flux.using(
                () -> tap.subscribe(user),
                liveSubscription -> liveSubscription.from().flatMapMany(begin -> {
                    Flux<E> events = catchUp(user, position, begin)
                            .concatWith(messagesAfter(position, liveSubscription.messages())
                                    .doFirst(subscriptionObserver::live))
                            .map(subscriptionObserver::received);
                    Cursor start = resumePosition.announce(begin);
                    return start == null ? events : events.startWith(subscriptionObserver.started(start));
                }),
                LiveSubscription::stop);
    }

    /**
     * Filters by offset, because the tap may lag behind a position that the client got from another pod or from a
     * mutation.
     */
    private static Flux<Message> messagesAfter(@Nullable Cursor position, Flux<Message> messages) {
        return position == null
                ? messages
                : messages.filter(message -> message.cursor().offset() > position.offset());
    }

    private Flux<Message> catchUp(UserId user, @Nullable Cursor position, long end) {
        return position == null || position.offset() >= end - 1
                ? Flux.empty()
                : Flux.defer(() -> CatchUpPermits.limit(pages(user, new CatchUp(position), end)));
    }

    /** Reads page after page, and reads again the rest of a page that was dropped to free memory. */
    private Flux<Message> pages(UserId user, CatchUp reading, long end) {
        return Flux.defer(() -> page(user, reading.position, end).flatMapIterable(reading::messages))
                .doOnNext(message -> reading.position = message.cursor())
                .onErrorResume(PageBuffer.Dropped.class, dropped -> {
                    reading.last = false;
                    return Flux.empty();
                })
                .repeat(() -> !reading.last)
                .doFinally(finished -> reading.end());
    }

    /** The position of one subscription in history. */
    private final class CatchUp {
        private Cursor position;
        private boolean last;
        private PageBuffer.@Nullable Rest rest;

        CatchUp(Cursor position) {
            this.position = position;
        }

        Iterable<Message> messages(Page page) {
            PageBuffer.Rest held = buffer.hold(page.messages());
            rest = held;
            last = page.last();
            return () -> held;
        }

        void end() {
            if (rest != null) {
                rest.drop();
            }
        }
    }

    private Mono<Page> page(UserId user, Cursor after, long end) {
        return Mono.defer(() -> history.inbox(user, after, end))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
                        .maxBackoff(Duration.ofSeconds(2))
                        .filter(HistoryUnavailable.class::isInstance))
                .timeout(
                        historyTimeout, Mono.error(() -> new HistoryUnavailable("History is not available now", null)));
    }
}
