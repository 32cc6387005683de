package chatql.kafka.store;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of a timeline follow the rules of Relay's connections. */
class TimelinePagesTest {
    private static final UserId BEN = new UserId("ben");
    private static final UserId ANNA = new UserId("anna");

    @TempDir
    Path directory;

    private HistoryDriver history;

    @BeforeEach
    void begin() {
        history = new HistoryDriver(directory, 1, 1);
    }

    @AfterEach
    void end() {
        history.close();
    }

    @Test
    void firstPageIsAtBeginningAndLastPageAtEnd() {
        append(5);

        assertThat(texts(first(2, null))).containsExactly("0", "1");
        assertThat(texts(last(2, null))).containsExactly("3", "4");
    }

    @Test
    void pageAfterCursorBeginsRightAfterItsMessage() {
        append(5);

        Page page = first(2, cursor(1));

        assertThat(texts(page)).containsExactly("2", "3");
        assertThat(page.hasPrevious()).isTrue();
        assertThat(page.hasNext()).isTrue();
    }

    @Test
    void pageBeforeCursorEndsRightBeforeItsMessage() {
        append(5);

        Page page = last(2, cursor(3));

        assertThat(texts(page)).containsExactly("1", "2");
        assertThat(page.hasPrevious()).isTrue();
        assertThat(page.hasNext()).isTrue();
    }

    @Test
    void pageOfWholeTimelineHasNoNeighbours() {
        append(5);

        assertThat(first(5, null)).matches(page -> !page.hasPrevious() && !page.hasNext());
        assertThat(last(5, null)).matches(page -> !page.hasPrevious() && !page.hasNext());
    }

    @Test
    void pageBetweenCursorsTakesFirstOrLastMessages() {
        append(6);

        assertThat(texts(page(new PageRequest(2, false, cursor(0), cursor(5), null, null))))
                .containsExactly("1", "2");
        assertThat(texts(page(new PageRequest(2, true, cursor(0), cursor(5), null, null))))
                .containsExactly("3", "4");
        assertThat(texts(page(new PageRequest(9, true, cursor(0), cursor(5), null, null))))
                .containsExactly("1", "2", "3", "4");
    }

    @Test
    void pageBetweenReversedCursorsIsEmpty() {
        append(5);

        assertThat(texts(page(new PageRequest(2, false, cursor(3), cursor(1), null, null))))
                .isEmpty();
        assertThat(texts(page(new PageRequest(2, false, cursor(3), cursor(3), null, null))))
                .isEmpty();
    }

    @Test
    void pageAfterLastMessageIsEmptyWithPreviousPage() {
        append(5);

        Page page = first(2, cursor(4));

        assertThat(page).isEqualTo(new Page(List.of(), true, false));
    }

    @Test
    void timelineOfUnknownUserIsEmptyPage() {
        append(5);

        Page page = reader().page(history.timeline(), new UserId("unknown"), PageRequest.latest(10));

        assertThat(page).isEqualTo(new Page(List.of(), false, false));
    }

    @Test
    void conversationHasMessagesOfBothUsersOnly() {
        history.say("anna", "ben", "1", 100);
        history.say("carl", "ben", "2", 200);
        history.say("ben", "anna", "3", 300);
        history.say("ben", "carl", "4", 400);
        history.say("anna", "carl", "5", 500);
        history.say("anna", "ben", "6", 600);

        assertThat(texts(with(ANNA, 10))).containsExactly("1", "3", "6");
        assertThat(with(ANNA, 2)).matches(page -> page.hasPrevious() && !page.hasNext());
        assertThat(texts(with(new UserId("carl"), 10))).containsExactly("2", "4");
        assertThat(texts(with(new UserId("car"), 10))).isEmpty();
    }

    @Test
    void conversationWithSelfHasMessagesToSelfOnly() {
        history.say("ben", "ben", "1", 100);
        history.say("anna", "ben", "2", 200);

        assertThat(texts(with(BEN, 10))).containsExactly("1");
    }

    @Test
    void pageOfLargeMessagesHoldsFewer() {
        String large = "x".repeat(TimelineReader.MAX_PAGE_SIZE / 8);
        IntStream.range(0, 10).forEach(i -> history.say("anna", "ben", large, 100 + i));

        Page page = last(10, null);

        assertThat(page.messages()).hasSize(4);
        assertThat(page).matches(some -> some.hasPrevious() && !some.hasNext());
    }

    /** Paging in either direction and with any page size returns everything once, even if clocks go back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void pagingReturnsEverythingOnceAndInOrder(long seed) {
        var random = new Random(seed);
        List<String> sent = new ArrayList<>();
        List<String> withAnna = new ArrayList<>();
        long now = 1_000;
        for (int i = 0; i < 120; i++) {
            now += random.nextInt(5) == 0 ? -random.nextInt(300) : random.nextInt(40);
            String other = random.nextBoolean() ? "anna" : "carl";
            boolean received = random.nextBoolean();
            history.say(received ? other : "ben", received ? "ben" : other, "m" + i, Math.max(0, now));
            sent.add("m" + i);
            if (other.equals("anna")) {
                withAnna.add("m" + i);
            }
        }

        assertThat(forwards(1 + random.nextInt(9), null)).isEqualTo(sent);
        assertThat(backwards(1 + random.nextInt(9), null)).isEqualTo(sent);
        assertThat(forwards(1 + random.nextInt(9), ANNA)).isEqualTo(withAnna);
        assertThat(backwards(1 + random.nextInt(9), ANNA)).isEqualTo(withAnna);
    }

    private List<String> forwards(int size, @Nullable UserId with) {
        List<String> all = new ArrayList<>();
        Page page = page(new PageRequest(size, false, null, null, with, null));
        assertThat(page.hasPrevious()).isFalse();
        all.addAll(texts(page));
        while (page.hasNext()) {
            page = page(new PageRequest(size, false, page.end().orElseThrow(), null, with, null));
            assertThat(page.hasPrevious()).isTrue();
            assertThat(page.messages()).isNotEmpty();
            all.addAll(texts(page));
        }
        return all;
    }

    private List<String> backwards(int size, @Nullable UserId with) {
        List<String> all = new ArrayList<>();
        Page page = page(new PageRequest(size, true, null, null, with, null));
        assertThat(page.hasNext()).isFalse();
        all.addAll(0, texts(page));
        while (page.hasPrevious()) {
            page = page(new PageRequest(size, true, null, page.start().orElseThrow(), with, null));
            assertThat(page.hasNext()).isTrue();
            assertThat(page.messages()).isNotEmpty();
            all.addAll(0, texts(page));
        }
        return all;
    }

    private void append(int messages) {
        IntStream.range(0, messages).forEach(i -> history.say("anna", "ben", Integer.toString(i), 100 + i));
    }

    private Cursor cursor(int message) {
        return last(100, null).messages().get(message).cursor();
    }

    private Page first(int size, @Nullable Cursor after) {
        return page(new PageRequest(size, false, after, null, null, null));
    }

    private Page last(int size, @Nullable Cursor before) {
        return page(new PageRequest(size, true, null, before, null, null));
    }

    private Page with(UserId other, int size) {
        return page(new PageRequest(size, true, null, null, other, null));
    }

    private Page page(PageRequest pageRequest) {
        return reader().page(history.timeline(), BEN, pageRequest);
    }

    private static TimelineReader reader() {
        return new TimelineReader(Epochs.of(HistoryDriver.EPOCH), 100, 1 << 20);
    }

    private static List<String> texts(Page page) {
        return page.messages().stream().map(Message::content).toList();
    }
}
