package chatql.kafka.topology;

import static chatql.kafka.store.StoreLayout.USERS;

import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.store.Source;
import chatql.kafka.store.UsernameClaim;
import chatql.user.UserId;
import chatql.user.Username;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Gives each key to the first who claimed it, by the log's order, with the next id; every replay gives the same. That is all:
 * which names are one is decided when a claim is written, by its key, so that no update of that rule changes what was decided.
 */
final class UsernameProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final int partitions;
    private final StoreProgress storeProgress;

    private KeyValueStore<Bytes, byte[]> users;
    private SourceTracker claims;

    UsernameProcessor(int partitions, StoreProgress storeProgress) {
        this.partitions = partitions;
        this.storeProgress = storeProgress;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        users = context.getStateStore(USERS);
        claims = new SourceTracker(
                users, storeProgress, Source.claims(context.taskId().partition()));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        if (!claims.isReplay(at.offset())) {
            long count = claims.value() + (won(record, at) ? 1 : 0);
            claims.advance(at.offset(), count);
        }
    }

    private boolean won(Record<byte[], byte[]> record, RecordMetadata at) {
        Optional<Username> claimed = UsernameClaim.name(record.key());
        boolean won = claimed.isPresent() && isFree(UsernameClaim.key(claimed.get()), at.offset());
        if (won) {
            UserId id = UsernameClaim.own(record.value()).orElseGet(() -> next(at.partition()));
            Username shown = UsernameClaim.shown(record.value()).orElse(claimed.get());
            keep(claimed.get(), new UsernameClaim(at.offset(), id, shown));
        }
        return won;
    }

    private void keep(Username claimed, UsernameClaim entry) {
        users.put(UsernameClaim.key(claimed), entry.bytes());
        users.put(UsernameClaim.listed(entry.shown(), claimed), UsernameClaim.utf8(claimed));
        users.put(UsernameClaim.alike(entry.shown(), claimed), UsernameClaim.utf8(claimed));
    }

    private UserId next(int partition) {
        return new UserId(Long.toString(claims.value() * partitions + partition + 1));
    }

    /** Free, or taken by this very claim before a crash that came between the entry and its mark. */
    private boolean isFree(Bytes name, long offset) {
        byte[] taken = users.get(name);
        return taken == null || UsernameClaim.parse(taken).offset() == offset;
    }

    @Override
    public void close() {
        claims.stop();
    }
}
