package chatql.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DerivedProducerTest {
    private static final long NOW = 1_000;

    @Test
    void pastTimestampIsKept() {
        assertThat(timestamp(NOW)).isEqualTo(NOW);
        assertThat(timestamp(0L)).isZero();
        assertThat(timestamp(null)).isNull();
    }

    @Test
    void timestampAheadOfClockAloneIsReplaced() {
        ProducerRecord<byte[], byte[]> ahead = record(NOW + 1);

        ProducerRecord<byte[], byte[]> sent = DerivedProducer.notAhead(ahead, NOW);

        assertThat(sent.timestamp()).isEqualTo(NOW);
        assertThat(sent).usingRecursiveComparison().ignoringFields("timestamp").isEqualTo(ahead);
    }

    private static @Nullable Long timestamp(@Nullable Long timestamp) {
        return DerivedProducer.notAhead(record(timestamp), NOW).timestamp();
    }

    private static ProducerRecord<byte[], byte[]> record(@Nullable Long timestamp) {
        var headers = new RecordHeaders().add("name", new byte[] {3});
        return new ProducerRecord<>("topic", 2, timestamp, new byte[] {1}, new byte[] {2}, headers);
    }
}
