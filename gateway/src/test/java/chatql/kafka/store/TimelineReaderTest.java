package chatql.kafka.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.kafka.topology.HistoryDriver;
import chatql.message.Cursor;
import chatql.message.Epochs;
import chatql.message.Message;
import chatql.user.UserId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineReaderTest {
    private static final UserId BEN = new UserId("ben");
    private static final Cursor START = new Cursor(HistoryDriver.EPOCH, 0, 0, -1);
    private static final int LIGHT = 1 << 20;

    @TempDir
    Path directory;

    private HistoryDriver history;

    @BeforeEach
    void begin() {
        history = new HistoryDriver(directory.resolve("stores"), 1, 1);
    }

    @AfterEach
    void end() {
        history.close();
    }

    @Test
    void latestMessagesAreReturnedOldestFirst() {
        append(5);

        Page latest = selected(BEN, PageRequest.latest(3));

        assertThat(latest.messages()).extracting(Message::content).containsExactly("2", "3", "4");
    }

    @Test
    void latestOfEmptyTimelineAreNone() {
        append(5);

        assertThat(selected(new UserId("be"), PageRequest.latest(3)).messages()).isEmpty();
        assertThat(selected(new UserId("benn"), PageRequest.latest(3)).messages())
                .isEmpty();
    }

    @Test
    void pageHoldsAtMostItsBoundOfMessages() {
        append(5);

        Page page = page(reader(2, LIGHT), START, 5);

        assertThat(page.messages()).extracting(Message::content).containsExactly("0", "1");
        assertThat(page.last()).isFalse();
    }

    @Test
    void pageEndsWithMessageThatExceedsItsWeight() {
        append(5);
        int weight = only(0).weight();

        assertThat(page(reader(100, weight), START, 5).messages()).hasSize(1);
        assertThat(page(reader(100, weight + 1), START, 5).messages()).hasSize(2);
        assertThat(page(reader(100, 1), START, 5).messages()).hasSize(1);
    }

    @Test
    void pageEndsBeforeEndOffsetAndIsThenLast() {
        append(5);

        Page page = page(reader(100, LIGHT), START, 3);

        assertThat(page.messages()).extracting(Message::content).containsExactly("0", "1", "2");
        assertThat(page.last()).isTrue();
    }

    @Test
    void pageBeginsRightAfterCursor() {
        append(5);

        Page page = page(reader(100, LIGHT), only(2).cursor(), 5);

        assertThat(page.messages()).extracting(Message::content).containsExactly("3", "4");
    }

    @Test
    void positionBeforeMessageBeginsWithIt() {
        append(5);

        Page page = page(reader(100, LIGHT), only(3).before(), 5);

        assertThat(page.messages()).extracting(Message::content).containsExactly("3", "4");
    }

    @Test
    void sentMessagesAreNotAmongReceivedOnes() {
        history.say("anna", "ben", "received", 100);
        history.say("ben", "anna", "sent", 100);
        history.say("ben", "ben", "both", 100);

        Page page = page(reader(100, LIGHT), START, 3);

        assertThat(page.messages()).extracting(Message::content).containsExactly("received", "both");
    }

    @Test
    void pagingLosesAndRepeatsNothingWhenTimestampsGoBack() {
        long[] timestamps = {100, 50, 50, 200, 10, 200, 300, 1, 1, 1, 400};
        for (int i = 0; i < timestamps.length; i++) {
            history.say("anna", "ben", Integer.toString(i), timestamps[i]);
            history.say("ben", "anna", "answer", timestamps[i]);
        }
        List<String> all = new ArrayList<>();
        Cursor after = START;

        Page page;
        do {
            page = page(reader(2, LIGHT), after, 2 * timestamps.length);
            page.messages().forEach(message -> all.add(message.content()));
            after = page.end().orElse(after);
        } while (!page.last());

        assertThat(all).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    }

    @Test
    void forgedTimestampInCursorChangesNeitherPageNorCost() {
        int messages = 5_000;
        for (int i = 0; i < messages; i++) {
            // Seven messages share a time, and occasionally the clock goes back.
            history.say("anna", "ben", Integer.toString(i), 1_000 + i / 7 - (i % 1_000 == 999 ? 500 : 0));
        }
        TimelineReader reader = reader(10, LIGHT);
        for (int offset : new int[] {-1, 0, 6, 7, 1_500, 2_499, 4_998, messages - 1}) {
            List<String> next = IntStream.range(offset + 1, Math.min(offset + 11, messages))
                    .mapToObj(Integer::toString)
                    .toList();
            for (long timestamp : new long[] {0, 1, 1_000, 1_200, 1_700, 1L << 40, Long.MAX_VALUE}) {
                var store = new CountingStore(history.timeline());

                Page page =
                        reader.received(store, BEN, new Cursor(HistoryDriver.EPOCH, timestamp, 0, offset), messages);

                assertThat(page.messages()).extracting(Message::content).isEqualTo(next);
                assertThat(store.lookedAt()).isLessThan(200);
            }
        }
    }

    @Test
    void interruptedReadEnds() {
        append(5);
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> page(reader(100, LIGHT), START, 5));
        } finally {
            Thread.interrupted();
        }
    }

    private void append(int messages) {
        for (int i = 0; i < messages; i++) {
            history.say("anna", "ben", Integer.toString(i), 100 + i);
        }
    }

    private Message only(int number) {
        return selected(BEN, PageRequest.latest(100)).messages().get(number);
    }

    private Page selected(UserId user, PageRequest pageRequest) {
        return reader(100, LIGHT).page(history.timeline(), user, pageRequest);
    }

    private static TimelineReader reader(int messages, int weight) {
        return new TimelineReader(Epochs.of(HistoryDriver.EPOCH), messages, weight);
    }

    private Page page(TimelineReader reader, Cursor after, long end) {
        return reader.received(history.timeline(), BEN, after, end);
    }
}
