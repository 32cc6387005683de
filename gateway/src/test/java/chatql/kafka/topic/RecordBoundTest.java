package chatql.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordBoundTest {
    @Test
    void boundOfEightMebibytesOrLessHasNoWarning() {
        assertThat(new RecordBound("t", "8388608").warning()).isEmpty();
        assertThat(new RecordBound("t", "1048588").warning()).isEmpty();
    }

    @Test
    void defaultOfBrokersIsAWarning() {
        assertThat(new RecordBound("t", "2147483647").warning())
                .hasValue(
                        "Topic t has max.decompressed.message.bytes=2147483647, so one record that unpacks to more than"
                                + " the heap ends every pod; set it to 8388608 with kafka-configs");
    }

    @Test
    void brokersThatDoNotKnowTheBoundAreAWarning() {
        assertThat(new RecordBound("t", null).warning())
                .get()
                .asString()
                .startsWith("Topic t: the brokers do not know max.decompressed.message.bytes");
    }
}
