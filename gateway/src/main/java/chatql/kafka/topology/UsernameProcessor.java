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
 * Grants each key to its first claim in the log's order, with the next id. Every replay gives the same result. Which
 * usernames share a key is decided when a claim is written, so that a change of that rule does not change past
 * decisions.
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
        RecordMetadata metadata = context().recordMetadata().orElseThrow();
        if (!claims.isReplay(metadata.offset())) {
            long count = claims.value() + (grant(record, metadata) ? 1 : 0);
            claims.advance(metadata.offset(), count);
        }
    }

    private boolean grant(Record<byte[], byte[]> record, RecordMetadata metadata) {
        Optional<Username> claimed = UsernameClaim.name(record.key());
        boolean granted = claimed.isPresent() && isFree(UsernameClaim.key(claimed.get()), metadata.offset());
        if (granted) {
            UserId id = UsernameClaim.own(record.value()).orElseGet(() -> next(metadata.partition()));
            Username shown = UsernameClaim.shown(record.value()).orElse(claimed.get());
            store(claimed.get(), new UsernameClaim(metadata.offset(), id, shown));
        }
        return granted;
    }

    private void store(Username claimed, UsernameClaim entry) {
        users.put(UsernameClaim.key(claimed), entry.bytes());
        users.put(UsernameClaim.listed(entry.shown(), claimed), UsernameClaim.utf8(claimed));
        users.put(UsernameClaim.alike(entry.shown(), claimed), UsernameClaim.utf8(claimed));
    }

    private UserId next(int partition) {
        return new UserId(Long.toString(claims.value() * partitions + partition + 1));
    }

    /** Whether the key is free, or was taken by this same claim before a crash between the entry and its checkpoint. */
    private boolean isFree(Bytes name, long offset) {
        byte[] taken = users.get(name);
        return taken == null || UsernameClaim.parse(taken).offset() == offset;
    }

    @Override
    public void close() {
        claims.stop();
    }
}
