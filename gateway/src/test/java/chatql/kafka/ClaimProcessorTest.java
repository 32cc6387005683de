package chatql.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.user.Username;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class ClaimProcessorTest {
    private static final int PARTITIONS = 3;

    @Test
    void everyPartitionGivesItsOwnIdsAndTogetherTheyGiveAll() {
        assertThat(idsOf(0)).containsExactly("1", "4", "7");
        assertThat(idsOf(1)).containsExactly("2", "5", "8");
        assertThat(idsOf(2)).containsExactly("3", "6", "9");
    }

    /** The ids of the first three users of the partition, in which offsets have gaps. */
    private static String[] idsOf(int partition) {
        var context = new MockProcessorContext<byte[], byte[]>(new Properties(), new TaskId(0, partition), null);
        KeyValueStore<Bytes, byte[]> users = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(HistoryTopology.USERS), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        users.init(context.getStateStoreContext(), users);
        var claims = new ClaimProcessor(PARTITIONS, new Progress());
        claims.init(context);
        String[] names = {"anna", "ben", "anna", "carl"};
        for (int i = 0; i < names.length; i++) {
            context.setRecordMetadata("chat.users", partition, 10L * i);
            claims.process(new Record<>(names[i].getBytes(StandardCharsets.UTF_8), new byte[0], 0));
        }
        return new String[] {id(users, "anna"), id(users, "ben"), id(users, "carl")};
    }

    private static String id(KeyValueStore<Bytes, byte[]> users, String name) {
        return ClaimEntry.parse(users.get(ClaimEntry.key(new Username(name))))
                .userId()
                .value();
    }
}
