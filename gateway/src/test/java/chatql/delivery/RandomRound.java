package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Runs some subscribers through all events that can happen to them, in an order that the seed determines. */
final class RandomRound {
    /** The memory of a message, in bytes. */
    private static final int WEIGHT = 250;

    private static final int PAGE = 2;
    private static final int PARTITIONS = 2;
    private static final List<UserId> USERS =
            List.of(new UserId("a"), new UserId("b"), new UserId("c"), new UserId("d"), new UserId("e"));

    private final BufferMemory memory = new BufferMemory(5 * WEIGHT);
    private final PageBuffer pages = new PageBuffer(4 * WEIGHT);
    private final Random chance;
    private final VirtualTimeScheduler time;
    private final Turns threads;
    private final MemoryLog log = new MemoryLog(PARTITIONS);
    private final MemoryTap tap;
    private final MemoryHistory history;
    private final Subscriptions subscriptions;
    private final List<Reading> active = new ArrayList<>();
    private final List<Reading> cancelled = new ArrayList<>();

    /**
     * A subscriber and what it must receive: all messages to its user from the offset {@code surely} on. It may also
     * receive messages from {@code possibly} on, which the tap had not yet read when the subscription started.
     */
    private record Reading(Reader reader, long possibly, long surely) {
        List<Message> expected(MemoryLog log) {
            return log.to(reader.user(), first());
        }

        private long first() {
            List<Message> received = reader.received();
            Cursor start = reader.start();
            if (start != null) {
                assertThat(start.offset() + 1).as("start").isBetween(possibly, surely);
                return start.offset() + 1;
            }
            return received.isEmpty()
                    ? surely
                    : Math.clamp(received.getFirst().cursor().offset(), possibly, surely);
        }

        /** The first of these messages, as many as the subscriber has received. */
        List<Message> begun(MemoryLog log) {
            return expected(log).stream().limit(reader.count()).toList();
        }
    }

    RandomRound(long seed, VirtualTimeScheduler time) {
        this.chance = new Random(seed);
        this.time = time;
        this.threads = new Turns(chance);
        this.tap = new MemoryTap(log, new BufferLimits(3, 1 << 20, memory), threads);
        this.history = new MemoryHistory(log, PAGE, threads);
        this.subscriptions = new Subscriptions(log, tap, history, Duration.ofDays(1), pages);
    }

    /** Runs this many steps and checks that every subscriber received its messages. Returns the number of joins. */
    long run(int steps) {
        appendEarlierMessages();
        List<Runnable> possible = steps();
        for (int i = 0; i < steps; i++) {
            possible.get(chance.nextInt(possible.size())).run();
        }
        settle();
        active.forEach(each -> assertThat(each.reader.failure()).isNull());
        active.forEach(each ->
                assertThat(each.reader.received()).as("received to the end").isEqualTo(each.expected(log)));
        cancelled.forEach(each -> assertThat(each.reader.received())
                .as("received before cancellation")
                .isEqualTo(each.begun(log)));
        cancelAll();
        assertThat(memory.used()).as("memory for messages of the tap").isZero();
        assertThat(pages.used()).as("memory for pages").isZero();
        return tap.joins();
    }

    private void appendEarlierMessages() {
        int messages = chance.nextInt(20);
        for (int i = 0; i < messages; i++) {
            append();
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            log.truncate(partition, chance.nextInt((int) log.end(partition) + 1));
        }
    }

    /** The possible steps, each as often as it is in the list. */
    private List<Runnable> steps() {
        var steps = new ArrayList<Runnable>();
        times(22, this::append, steps);
        times(20, threads::next, steps);
        times(15, () -> tap.read(partition(), chance.nextInt(1, 6)), steps);
        times(10, () -> followUpTo(partition()), steps);
        times(14, this::ask, steps);
        times(7, this::subscribe, steps);
        times(4, this::resume, steps);
        times(1, () -> tap.lose(partition()), steps);
        times(2, () -> readAgain(partition()), steps);
        times(2, () -> history.away(!history.isAway()), steps);
        times(1, tap::rest, steps);
        times(2, () -> time.advanceTimeBy(Duration.ofMillis(chance.nextInt(500))), steps);
        return steps;
    }

    private static void times(int often, Runnable step, List<Runnable> steps) {
        steps.addAll(Collections.nCopies(often, step));
    }

    private int partition() {
        return chance.nextInt(PARTITIONS);
    }

    private void append() {
        log.say(USERS.get(chance.nextInt(USERS.size())), "message");
    }

    private void followUpTo(int partition) {
        long end = log.end(partition);
        history.follow(partition, end - chance.nextLong(end / 4 + 1));
    }

    private void readAgain(int partition) {
        long next = tap.next(partition);
        for (long offset = Math.max(0, next - chance.nextInt(5)); offset < next; offset++) {
            tap.readAgain(partition, offset);
        }
    }

    private void ask() {
        if (!active.isEmpty()) {
            active.get(chance.nextInt(active.size())).reader.request(chance.nextInt(1, 5));
        }
    }

    private void subscribe() {
        UserId user = USERS.get(chance.nextInt(USERS.size()));
        int partition = log.partitionOf(user);
        long begin = log.begin(partition);
        switch (chance.nextInt(4)) {
            case 0 -> read(new StartPosition.Now(), user, tap.next(partition), log.end(partition));
            case 1 -> read(new StartPosition.Latest(), user, tap.next(partition), log.end(partition));
            case 2 -> read(new StartPosition.Earliest(), user, begin, begin);
            default -> {
                long offset = chance.nextLong(begin, log.end(partition) + 1) - 1;
                if (offset >= 0) {
                    readAfter(log.at(partition, offset).cursor(), user);
                }
            }
        }
    }

    private void readAfter(Cursor cursor, UserId user) {
        read(new StartPosition.After(cursor), user, cursor.offset() + 1, cursor.offset() + 1);
    }

    private void read(StartPosition startPosition, UserId user, long possibly, long surely) {
        var reader = new Reader(user);
        active.add(new Reading(reader, possibly, surely));
        subscriptions.events(user, startPosition, new MessageEvents()).subscribe(reader);
    }

    private void resume() {
        if (!active.isEmpty()) {
            Reading some = active.remove(chance.nextInt(active.size()));
            cancelled.add(some);
            some.reader.cancel();
            Cursor position = some.reader.count() > 0 ? some.reader.last() : some.reader.start();
            if (position != null && chance.nextInt(4) > 0) {
                readAfter(position, some.reader.user());
            }
        }
    }

    /** Runs until nothing changes any more. */
    private void settle() {
        history.away(false);
        int still = 0;
        for (int count = received(); still < 3; still = count == (count = received()) ? still + 1 : 0) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                history.follow(partition, log.end(partition));
                tap.read(partition, Integer.MAX_VALUE);
            }
            active.forEach(each -> each.reader.request(1_000));
            threads.takeAll();
            time.advanceTimeBy(Duration.ofSeconds(10));
            threads.takeAll();
        }
    }

    private int received() {
        return active.stream().mapToInt(each -> each.reader.count()).sum();
    }

    private void cancelAll() {
        active.forEach(each -> each.reader.cancel());
        threads.takeAll();
        assertThat(tap.listening())
                .as("registered after all subscribers stopped")
                .isZero();
        assertThat(tap.interested())
                .as("subscribed after all subscribers stopped")
                .isZero();
    }
}
