package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;

/**
 * The subscribers of one partition by user id, and the next offset to dispatch. A record goes to those who are
 * subscribed when it arrives, found by its key alone. No call blocks while it holds the lock.
 */
public final class SubscriberRegistry {
    private final Map<String, List<LocalSubscriber>> byUser = new HashMap<>();
    private final BufferLimits bufferLimits;
    private final Scheduler scheduler;
    private long next;

    /** @param scheduler for subscribers that have not named one */
    public SubscriberRegistry(BufferLimits bufferLimits, Scheduler scheduler) {
        this.bufferLimits = bufferLimits;
        this.scheduler = scheduler;
    }

    /** Skips to this offset: records below it are no longer dispatched. */
    public synchronized void from(long offset) {
        next = Math.max(next, offset);
    }

    /** The offset of the next record to dispatch. */
    public synchronized long next() {
        return next;
    }

    /** Creates a subscriber, which is not yet registered. */
    public LocalSubscriber localSubscriber(UserId user) {
        return new LocalSubscriber(user, bufferLimits, scheduler);
    }

    /** Registers the subscriber, unless it has stopped. Returns the first offset that it may receive. */
    public synchronized long add(LocalSubscriber localSubscriber) {
        if (!localSubscriber.isStopped()) {
            byUser.computeIfAbsent(localSubscriber.user().value(), key -> new ArrayList<>(1))
                    .add(localSubscriber);
        }
        return next;
    }

    public synchronized void remove(LocalSubscriber localSubscriber) {
        localSubscriber.stop();
        String key = localSubscriber.user().value();
        List<LocalSubscriber> localSubscribers = byUser.get(key);
        if (localSubscribers != null && localSubscribers.remove(localSubscriber) && localSubscribers.isEmpty()) {
            byUser.remove(key);
        }
    }

    /**
     * Dispatches the record at this offset to the subscribers of the key.
     *
     * @param record called at most once, and only if the key has subscribers
     * @return how many subscribers took it
     */
    public synchronized int dispatch(long offset, String key, Supplier<LiveRecord> record) {
        if (offset < next) {
            return 0;
        }
        next = offset + 1;
        return byUser.containsKey(key) ? deliver(record.get(), key) : 0;
    }

    private int deliver(LiveRecord liveRecord, String key) {
        return switch (liveRecord) {
            case LiveRecord.NewMessage(var message) -> offer(message, key);
            case LiveRecord.PossibleDuplicate(var message) -> fallBack(message, key);
            case LiveRecord.Ignored() -> 0;
        };
    }

    private int fallBack(Message message, String key) {
        List.copyOf(byUser.getOrDefault(key, List.of())).forEach(localSubscriber -> {
            localSubscriber.fallBackBefore(message);
            remove(localSubscriber);
        });
        return 0;
    }

    private int offer(Message message, String key) {
        int taken = 0;
        for (LocalSubscriber localSubscriber : List.copyOf(byUser.getOrDefault(key, List.of()))) {
            if (localSubscriber.offer(message)) {
                taken++;
            } else {
                remove(localSubscriber);
            }
        }
        return taken;
    }

    /**
     * Makes all subscribers fall back to history and forgets the offset: the log cannot supply the next records in
     * order.
     */
    public synchronized void reset(Cursor position) {
        byUser.values()
                .forEach(localSubscribers ->
                        localSubscribers.forEach(localSubscriber -> localSubscriber.fallBackToHistory(position)));
        byUser.clear();
        next = 0;
    }

    /** Ends all subscribers with an error. Keeps the offset in the partition. */
    public synchronized void end(Supplier<? extends RuntimeException> error) {
        byUser.values()
                .forEach(localSubscribers ->
                        localSubscribers.forEach(localSubscriber -> localSubscriber.end(error.get())));
        byUser.clear();
    }

    /** The number of subscribers. */
    public synchronized int size() {
        return byUser.values().stream().mapToInt(List::size).sum();
    }
}
