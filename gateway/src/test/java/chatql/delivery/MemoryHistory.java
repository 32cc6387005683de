package chatql.delivery;

import chatql.history.History;
import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** A history of a {@link MemoryLog}. The test decides how far it has stored the log, and whether it is available. */
final class MemoryHistory implements History {
    private final MemoryLog log;
    private final int pageMessages;
    private final Scheduler scheduler;
    private final List<Sinks.Many<Long>> followed;
    private final AtomicInteger pages = new AtomicInteger();
    private volatile boolean away;

    MemoryHistory(MemoryLog log, int pageMessages, Scheduler scheduler) {
        this.log = log;
        this.pageMessages = pageMessages;
        this.scheduler = scheduler;
        this.followed = IntStream.range(0, log.partitions())
                .mapToObj(partition -> Sinks.many().replay().latestOrDefault(0L))
                .toList();
    }

    /** Stores the log up to the offset, exclusive. */
    void follow(int partition, long offset) {
        followed.get(partition).emitNext(offset, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    void away(boolean isAway) {
        away = isAway;
    }

    boolean isAway() {
        return away;
    }

    /** The number of pages that were returned. */
    int pages() {
        return pages.get();
    }

    @Override
    public Mono<Page> timeline(UserId user, PageRequest pageRequest) {
        return Mono.error(() -> new IllegalStateException("no subscription asks for this"));
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return followed.get(log.partitionOf(user))
                .asFlux()
                .map(reached -> page(user, after, Math.min(end, reached), end))
                .filter(page -> page.last() || !page.messages().isEmpty())
                .next()
                .publishOn(scheduler)
                .doOnSubscribe(asked -> refuseWhenAway())
                .doOnNext(page -> pages.incrementAndGet());
    }

    private void refuseWhenAway() {
        if (away) {
            throw new HistoryUnavailable("History is away", null);
        }
    }

    private Page page(UserId user, Cursor after, long reached, long end) {
        List<Message> found = log.to(user, after.offset() + 1, reached, pageMessages + 1);
        boolean full = found.size() > pageMessages;
        return new Page(full ? found.subList(0, pageMessages) : found, true, full || reached < end);
    }
}
