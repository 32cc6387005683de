package chatql.kafka.tap;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.kafka.record.MessageHeaders;
import org.junit.jupiter.api.Test;

class RecentMessageIdsTest {
    private static final long NOT_SAID = Long.MIN_VALUE;

    private final RecentMessageIds recentMessageIds = new RecentMessageIds();

    @Test
    void recordIsNewWhenHistoryWasCheckedUpToMemoryStart() {
        recentMessageIds.begin(10);

        assertThat(recentMessageIds.isNew(id("a"), 12, 9)).isTrue();
        assertThat(recentMessageIds.isNew(id("b"), 13, 11)).isTrue();
    }

    @Test
    void recordCheckedBeforeMemoryStartMayBeDuplicate() {
        recentMessageIds.begin(10);

        assertThat(recentMessageIds.isNew(id("a"), 12, 8)).isFalse();
    }

    @Test
    void recordWithRememberedIdMayBeDuplicate() {
        recentMessageIds.begin(10);
        recentMessageIds.isNew(id("a"), 12, 11);

        assertThat(recentMessageIds.isNew(id("a"), 13, 11)).isFalse();
        assertThat(recentMessageIds.isNew(id("a"), 14, MessageHeaders.UNCHECKED))
                .isFalse();
    }

    @Test
    void recordWithoutDedupOffsetMayBeDuplicate() {
        recentMessageIds.begin(0);

        assertThat(recentMessageIds.isNew(id("a"), 0, NOT_SAID)).isFalse();
    }

    @Test
    void recordIsNewWhenHistoryCouldNotBeChecked() {
        recentMessageIds.begin(10);

        assertThat(recentMessageIds.isNew(id("a"), 12, MessageHeaders.UNCHECKED))
                .isTrue();
    }

    @Test
    void forgottenIdIsNotTakenForNew() {
        recentMessageIds.begin(0);
        for (int offset = 0; offset < 5_000; offset++) {
            recentMessageIds.isNew(id("id" + offset), offset, offset - 1);
        }

        assertThat(recentMessageIds.isNew(id("id0"), 5_000, 10)).isFalse();
        assertThat(recentMessageIds.isNew(id("new"), 5_001, 4_900)).isTrue();
    }

    private static RecentMessageIds.Id id(String clientMessageId) {
        return new RecentMessageIds.Id("ben", clientMessageId);
    }
}
