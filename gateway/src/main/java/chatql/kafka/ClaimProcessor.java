package chatql.kafka;

import static chatql.kafka.HistoryTopology.CLAIMS;
import static chatql.kafka.HistoryTopology.USERS;

import chatql.user.UserId;
import chatql.user.Username;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/** Gives each name to the first who claimed it, by the log's order, with the next id; every replay gives the same. */
final class ClaimProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final int partitions;
    private final Progress progress;

    private KeyValueStore<Bytes, byte[]> users;
    private Follower claims;

    ClaimProcessor(int partitions, Progress progress) {
        this.partitions = partitions;
        this.progress = progress;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        users = context.getStateStore(USERS);
        claims = new Follower(
                users, progress, new Progress.Source(USERS, context.taskId().partition(), CLAIMS));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        if (!claims.has(at.offset())) {
            long count = claims.value() + (won(record, at) ? 1 : 0);
            claims.advance(at.offset(), count);
        }
    }

    private boolean won(Record<byte[], byte[]> record, RecordMetadata at) {
        Optional<Username> name = ClaimEntry.name(record.key());
        boolean won = name.isPresent() && isFree(ClaimEntry.key(name.get()), at.offset());
        if (won) {
            UserId id = ClaimEntry.own(record.value()).orElseGet(() -> next(at.partition()));
            users.put(ClaimEntry.key(name.get()), new ClaimEntry(at.offset(), id).bytes());
            users.put(ClaimEntry.listed(name.get()), ClaimEntry.utf8(name.get()));
        }
        return won;
    }

    private UserId next(int partition) {
        return new UserId(Long.toString(claims.value() * partitions + partition + 1));
    }

    /** Free, or taken by this very claim before a crash that came between the entry and its mark. */
    private boolean isFree(Bytes name, long offset) {
        byte[] taken = users.get(name);
        return taken == null || ClaimEntry.parse(taken).offset() == offset;
    }

    @Override
    public void close() {
        claims.stop();
    }
}
