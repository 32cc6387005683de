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
 * The join of history and live. A subscription is a position in the log: what stands after it is read from history, page
 * by page, until the tap's beginning is reached, and from there on it comes from the tap. A subscriber too slow for the
 * tap goes through the same again from where it is.
 */
public final class Subscriptions {
    private final MessageLog log;
    private final Tap tap;
    private final History history;
    private final Duration patience;
    private final PageBuffer buffer;

    /**
     * @param patience how long a subscription waits for history while that is unavailable
     * @param buffer of the pages that all subscriptions have read
     */
    public Subscriptions(MessageLog log, Tap tap, History history, Duration patience, PageBuffer buffer) {
        this.log = log;
        this.tap = tap;
        this.history = history;
        this.patience = patience;
        this.buffer = buffer;
    }

    /**
     * Every message to the user from the start on, once each and in the log's order, as fast as the subscriber asks for
     * them and at most one page ahead. Errors with {@link InvalidCursor}, and with {@link HistoryUnavailable} or
     * {@link chatql.message.LogUnavailable}, after which one goes on with the last message's cursor.
     *
     * @param subscriptionObserver is told how it goes, by the thread that gives the messages
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
        // An operator for retries would take more memory than all the rest.
        return Flux.defer(() -> join(user, resumePosition.begin(), subscriptionObserver))
                .onErrorResume(SubscriberLagged.class, subscriberLagged -> {
                    resumePosition.interrupted(subscriberLagged.position());
                    subscriptionObserver.lagged();
                    return Flux.empty();
                })
                .repeat(resumePosition::goesOn)
                .doFinally(end -> subscriptionObserver.ended());
    }

    /** How far one subscription has come. Belongs to whatever thread gives the messages. */
    private static final class ResumePosition {
        private @Nullable Cursor position;
        private boolean goesOn;

        ResumePosition(@Nullable Cursor start) {
            position = start;
        }

        @Nullable
        Cursor begin() {
            goesOn = false;
            return position;
        }

        /** It goes on from there, or from where it began if that is later. */
        void interrupted(Cursor behind) {
            goesOn = true;
            if (position == null || behind.offset() > position.offset()) {
                position = behind;
            }
        }

        boolean goesOn() {
            return goesOn;
        }
    }

    private Flux<Message> join(UserId user, @Nullable Cursor position, SubscriptionObserver subscriptionObserver) {
        return Flux.using(
                () -> tap.subscribe(user),
                liveSubscription -> liveSubscription
                        .from()
                        .flatMapMany(begin -> catchUp(user, position, begin)
                                .concatWith(after(position, liveSubscription.messages())
                                        .doFirst(subscriptionObserver::live))),
                LiveSubscription::stop);
    }

    /** The tap may be behind a position that was reached elsewhere: on another pod, or in the answer to a mutation. */
    private static Flux<Message> after(@Nullable Cursor position, Flux<Message> messages) {
        return position == null
                ? messages
                : messages.filter(message -> message.cursor().offset() > position.offset());
    }

    private Flux<Message> catchUp(UserId user, @Nullable Cursor position, long end) {
        return position == null || position.offset() >= end - 1
                ? Flux.empty()
                : Flux.defer(() -> CatchUpPermits.limit(pages(user, new CatchUp(position), end)));
    }

    /** One page after the other, and again what was dropped of one to make room. */
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

    /** How far one subscription has read in history. */
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
                .timeout(patience, Mono.error(() -> new HistoryUnavailable("History is not available now", null)));
    }
}
