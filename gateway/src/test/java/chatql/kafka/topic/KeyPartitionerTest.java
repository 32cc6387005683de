package chatql.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class KeyPartitionerTest {
    @Test
    void keyGetsPartitionOfKafkasPartitioner() {
        var chance = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            int count = chance.nextInt(1, 200);
            String key = chance.ints(chance.nextInt(1, 30), 1, 0xD800)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            int kafkas = BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), count);

            assertThat(new KeyPartitioner(count).of(key)).isEqualTo(kafkas);
        }
    }

    @Test
    void firstUserIdsKeepTheirPartitions() {
        var keyPartitioner = new KeyPartitioner(12);

        assertThat(new int[] {keyPartitioner.of("1"), keyPartitioner.of("2"), keyPartitioner.of("3")})
                .containsExactly(
                        BuiltInPartitioner.partitionForKey(new byte[] {'1'}, 12),
                        BuiltInPartitioner.partitionForKey(new byte[] {'2'}, 12),
                        BuiltInPartitioner.partitionForKey(new byte[] {'3'}, 12));
    }
}
