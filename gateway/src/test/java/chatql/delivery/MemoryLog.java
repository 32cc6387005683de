package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.LogRange;
import chatql.message.Message;
import chatql.message.MessageLog;
import chatql.user.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** A log in memory, with all messages that subscribers must receive in the end. */
final class MemoryLog implements MessageLog {
    static final long EPOCH = 0x7000;

    private final List<List<Message>> partitions;
    private final long[] begins;

    MemoryLog(int partitions) {
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(partition -> (List<Message>) new ArrayList<Message>())
                .toList();
        this.begins = new long[partitions];
    }

    int partitionOf(UserId user) {
        return Math.floorMod(user.value().hashCode(), partitions.size());
    }

    int partitions() {
        return partitions.size();
    }

    /** Several messages share a millisecond. */
    synchronized Message say(UserId user, String content) {
        int partition = partitionOf(user);
        List<Message> messages = partitions.get(partition);
        var cursor = new Cursor(EPOCH, 1_000_000 + messages.size() / 3, partition, messages.size());
        var message = new Message(cursor, new UserId("sender"), user, content);
        messages.add(message);
        return message;
    }

    /** Deletes everything below the offset. */
    synchronized void truncate(int partition, long offset) {
        begins[partition] = offset;
    }

    synchronized long begin(int partition) {
        return begins[partition];
    }

    synchronized long end(int partition) {
        return partitions.get(partition).size();
    }

    synchronized Message at(int partition, long offset) {
        return partitions.get(partition).get((int) offset);
    }

    /** All messages to the user from the offset on. */
    List<Message> to(UserId user, long from) {
        return to(user, from, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** The first of them, up to a limit, below the offset {@code end}. */
    synchronized List<Message> to(UserId user, long from, long end, int limit) {
        List<Message> messages = partitions.get(partitionOf(user));
        return messages.stream()
                .skip(from)
                .limit(Math.max(0, end - from))
                .filter(message -> message.recipient().equals(user))
                .limit(limit)
                .toList();
    }

    @Override
    public Mono<Message> append(Draft draft) {
        return Mono.fromSupplier(() -> say(draft.recipient(), draft.content()));
    }

    @Override
    public Mono<LogRange> logRange(UserId user) {
        int partition = partitionOf(user);
        return Mono.fromSupplier(() -> new LogRange(EPOCH, partition, begin(partition), end(partition)));
    }
}
