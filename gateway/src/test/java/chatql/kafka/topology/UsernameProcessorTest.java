package chatql.kafka.topology;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.store.StoreLayout;
import chatql.kafka.store.UsernameClaim;
import chatql.user.UserId;
import chatql.user.Username;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class UsernameProcessorTest {
    private static final int PARTITIONS = 3;

    private final KeyValueStore<Bytes, byte[]> users = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore(StoreLayout.USERS), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final MockProcessorContext<byte[], byte[]> context =
            new MockProcessorContext<>(new Properties(), new TaskId(0, 0), null);
    private final UsernameProcessor claims = new UsernameProcessor(PARTITIONS, new StoreProgress());
    private long offset;

    private void begin() {
        users.init(context.getStateStoreContext(), users);
        claims.init(context);
    }

    /** Claims as before the username profile: the key is the username. */
    private void olderClaim(String name) {
        claim(name, "{\"claimId\":\"some\"}".getBytes(StandardCharsets.UTF_8));
    }

    private void claim(String name) {
        var username = new Username(name);
        claim(
                UsernameClaim.claimed(username).value(),
                UsernameClaim.claim(UUID.randomUUID(), username, Optional.empty()));
    }

    private void claim(String key, byte[] value) {
        context.setRecordMetadata("chat.users", 0, offset++);
        claims.process(new Record<>(key.getBytes(StandardCharsets.UTF_8), value, 0));
    }

    private UsernameClaim entry(String key) {
        return UsernameClaim.parse(users.get(UsernameClaim.key(new Username(key))));
    }

    @Test
    void usernameIsShownAsFirstClaimed() {
        begin();
        claim("Alice");
        claim("ALICE");
        claim("\u0430\u04cf\u0456\u0441\u0435");
        claim("Bob");

        assertThat(entry("alice")).isEqualTo(new UsernameClaim(0, new UserId("1"), new Username("Alice")));
        assertThat(entry("bob")).isEqualTo(new UsernameClaim(3, new UserId("4"), new Username("Bob")));
    }

    @Test
    void olderUsernamesKeepTheirUsers() {
        begin();
        List.of("Alice", "ALICE", "alice ", "\u0430lice", "alice", "ALICE").forEach(this::olderClaim);
        claim("Alice");

        assertThat(Stream.of("Alice", "ALICE", "alice ", "\u0430lice", "alice")
                        .map(name -> entry(name).userId().value()))
                .containsExactly("1", "4", "7", "10", "13");
        assertThat(entry("alice ").shown()).isEqualTo(new Username("alice "));
    }

    @Test
    void claimWithInvalidUsernameIsShownByItsKey() {
        begin();
        claim("alice", "{\"username\":\" \"}".getBytes(StandardCharsets.UTF_8));
        claim("bob", "{\"username\":7}".getBytes(StandardCharsets.UTF_8));
        claim("carl", "garbage".getBytes(StandardCharsets.UTF_8));

        assertThat(Stream.of("alice", "bob", "carl")
                        .map(name -> entry(name).shown().value()))
                .containsExactly("alice", "bob", "carl");
    }

    @Test
    void claimInEncodingOtherThanUtf8IsShownByItsKey() {
        begin();
        claim("alice", "{\"username\":\"Alice\"}".getBytes(StandardCharsets.UTF_16));
        claim("bob", "{\"username\":\"B\u00f6b\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Stream.of("alice", "bob").map(name -> entry(name).shown().value()))
                .containsExactly("alice", "bob");
    }

    @Test
    void partitionsGiveDisjointUserIdsWithoutGaps() {
        assertThat(idsOf(0)).containsExactly("1", "4", "7");
        assertThat(idsOf(1)).containsExactly("2", "5", "8");
        assertThat(idsOf(2)).containsExactly("3", "6", "9");
    }

    /** The ids of the first three users of the partition, whose offsets have gaps. */
    private static String[] idsOf(int partition) {
        var context = new MockProcessorContext<byte[], byte[]>(new Properties(), new TaskId(0, partition), null);
        KeyValueStore<Bytes, byte[]> users = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(StoreLayout.USERS), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        users.init(context.getStateStoreContext(), users);
        var claims = new UsernameProcessor(PARTITIONS, new StoreProgress());
        claims.init(context);
        String[] names = {"anna", "ben", "anna", "carl"};
        for (int i = 0; i < names.length; i++) {
            context.setRecordMetadata("chat.users", partition, 10L * i);
            claims.process(new Record<>(names[i].getBytes(StandardCharsets.UTF_8), new byte[0], 0));
        }
        return new String[] {id(users, "anna"), id(users, "ben"), id(users, "carl")};
    }

    private static String id(KeyValueStore<Bytes, byte[]> users, String name) {
        return UsernameClaim.parse(users.get(UsernameClaim.key(new Username(name))))
                .userId()
                .value();
    }
}
