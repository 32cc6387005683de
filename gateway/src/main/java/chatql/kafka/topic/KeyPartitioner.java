package chatql.kafka.topic;

import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** Maps keys to partitions as Kafka's default partitioner does: by murmur2 of the key's UTF-8. */
public record KeyPartitioner(int count) {
    public int of(UserId user) {
        return of(user.value());
    }

    public int of(String key) {
        return of(key.getBytes(StandardCharsets.UTF_8));
    }

    public int of(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % count;
    }
}
