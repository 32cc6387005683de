package chatql.kafka.tap;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.kafka.record.MessageHeaders;
import org.junit.jupiter.api.Test;

class RecentTest {
    private static final long NOT_SAID = Long.MIN_VALUE;

    private final Recent recent = new Recent();

    @Test
    void aRecordIsNewWhenHistoryWasAskedUpToWhereTheMemoryBegins() {
        recent.begin(10);

        assertThat(recent.isNew(id("a"), 12, 9)).isTrue();
        assertThat(recent.isNew(id("b"), 13, 11)).isTrue();
    }

    @Test
    void aRecordMayBeARepeatOfOneBetweenTheQuestionAndTheMemory() {
        recent.begin(10);

        assertThat(recent.isNew(id("a"), 12, 8)).isFalse();
    }

    @Test
    void aRecordMayBeARepeatOfOneThatIsRemembered() {
        recent.begin(10);
        recent.isNew(id("a"), 12, 11);

        assertThat(recent.isNew(id("a"), 13, 11)).isFalse();
        assertThat(recent.isNew(id("a"), 14, MessageHeaders.UNCHECKED)).isFalse();
    }

    @Test
    void ofARecordWhoseWriterAskedNobodyNothingIsKnown() {
        recent.begin(0);

        assertThat(recent.isNew(id("a"), 0, NOT_SAID)).isFalse();
    }

    @Test
    void deliveryGoesOnWhereHistoryCouldNotBeAsked() {
        recent.begin(10);

        assertThat(recent.isNew(id("a"), 12, MessageHeaders.UNCHECKED)).isTrue();
    }

    @Test
    void whatIsForgottenIsNotTakenForNew() {
        recent.begin(0);
        for (int offset = 0; offset < 5_000; offset++) {
            recent.isNew(id("id" + offset), offset, offset - 1);
        }

        assertThat(recent.isNew(id("id0"), 5_000, 10)).isFalse();
        assertThat(recent.isNew(id("new"), 5_001, 4_900)).isTrue();
    }

    private static Recent.Id id(String clientMessageId) {
        return new Recent.Id("ben", clientMessageId);
    }
}
