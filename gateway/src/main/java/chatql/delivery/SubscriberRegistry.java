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
 * Who listens in one partition: a position in it, and the listeners of each of its users. What is offered goes to those
 * who listen when it comes, found by the key alone. Its lock is held for moments only.
 */
public final class SubscriberRegistry {
    private final Map<String, List<LocalSubscriber>> byUser = new HashMap<>();
    private final BufferLimits bufferLimits;
    private final Scheduler scheduler;
    private long next;

    /** @param scheduler where those take their messages who say nothing of it */
    public SubscriberRegistry(BufferLimits bufferLimits, Scheduler scheduler) {
        this.bufferLimits = bufferLimits;
        this.scheduler = scheduler;
    }

    /** Begins again at this offset: nothing below it is dispatched any more. */
    public synchronized void from(long offset) {
        next = Math.max(next, offset);
    }

    /** The offset of the record that will be dispatched next. */
    public synchronized long next() {
        return next;
    }

    /** Somebody who is going to listen. */
    public LocalSubscriber localSubscriber(UserId user) {
        return new LocalSubscriber(user, bufferLimits, scheduler);
    }

    /** Lets somebody listen; the first offset that it may get. */
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
     * Gives the record at this offset to those who listen to the key.
     *
     * @param record called once, and only where somebody listens
     * @return how many took it
     */
    public synchronized int dispatch(long offset, String key, Supplier<LiveRecord> record) {
        if (offset < next) {
            return 0;
        }
        next = offset + 1;
        return byUser.containsKey(key) ? give(record.get(), key) : 0;
    }

    private int give(LiveRecord liveRecord, String key) {
        return switch (liveRecord) {
            case LiveRecord.NewMessage(var message) -> offer(message, key);
            case LiveRecord.PossibleDuplicate(var message) -> sendBack(message, key);
            case LiveRecord.Ignored() -> 0;
        };
    }

    private int sendBack(Message message, String key) {
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

    /** Sends everybody to history and begins anew: what comes next can't be had from the log in order. */
    public synchronized void reset(Cursor position) {
        byUser.values()
                .forEach(localSubscribers ->
                        localSubscribers.forEach(localSubscriber -> localSubscriber.fallBackToHistory(position)));
        byUser.clear();
        next = 0;
    }

    /** Ends everybody with an error; the place in the partition is kept. */
    public synchronized void end(Supplier<? extends RuntimeException> why) {
        byUser.values()
                .forEach(localSubscribers ->
                        localSubscribers.forEach(localSubscriber -> localSubscriber.end(why.get())));
        byUser.clear();
    }

    /** How many listen. */
    public synchronized int size() {
        return byUser.values().stream().mapToInt(List::size).sum();
    }
}
