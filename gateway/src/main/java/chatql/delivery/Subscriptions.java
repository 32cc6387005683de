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
     * Emits every message to the user from the start position on, once each and in the log's order. It emits as fast as
     * the subscriber requests and reads at most one page ahead. Errors with {@link InvalidCursor},
     * {@link HistoryUnavailable} or {@link chatql.message.LogUnavailable}. After either of the latter two, a client resumes
     * with the cursor of the last message.
     *
     * @param subscriptionObserver called by the thread that emits the messages
     */
    public Flux<Message> messages(UserId user, StartPosition startPosition, SubscriptionObserver subscriptionObserver) {
        return switch (startPosition) {
            case StartPosition.Now() -> follow(user, null, subscriptionObserver);
            case StartPosition.Earliest() ->
                log.logRange(user).flatMapMany(logRange -> follow(user, logRange.earliest(), subscriptionObserver));
            case StartPosition.After(Cursor cursor) ->
                log.logRange(user)
                        .flatMapMany(logRange -> follow(user, checked(cursor, logRange), subscriptionObserver));
        };
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

    private Flux<Message> follow(UserId user, @Nullable Cursor start, SubscriptionObserver subscriptionObserver) {
        var resumePosition = new ResumePosition(start);
        // An operator for retries would take more memory than the rest of the subscription.
        return Flux.defer(() -> join(user, resumePosition.begin(), subscriptionObserver))
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
        private boolean shouldResume;

        ResumePosition(@Nullable Cursor start) {
            position = start;
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

    private Flux<Message> join(UserId user, @Nullable Cursor position, SubscriptionObserver subscriptionObserver) {
        return Flux.using(
                () -> tap.subscribe(user),
                liveSubscription -> liveSubscription
                        .from()
                        .flatMapMany(begin -> catchUp(user, position, begin)
                                .concatWith(messagesAfter(position, liveSubscription.messages())
                                        .doFirst(subscriptionObserver::live))),
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
