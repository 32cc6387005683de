package chatql.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    private static final int TRIES = 20_000;
    private static final int BYTES = 28;

    private final Random chance = new Random(1);

    @Test
    void cursorIsParsedAsItWasWritten() {
        for (int i = 0; i < TRIES; i++) {
            var cursor = new Cursor(chance.nextLong(), positiveLong(), positiveInt(), positiveLong());

            assertThat(Cursor.parse(cursor.text())).contains(cursor);
        }
    }

    @Test
    void largestAndSmallestValuesAreParsed() {
        var largest = new Cursor(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
        var smallest = new Cursor(Long.MIN_VALUE, 0, 0, 0);

        assertThat(Cursor.parse(largest.text())).contains(largest);
        assertThat(Cursor.parse(smallest.text())).contains(smallest);
    }

    @Test
    void textHasAtMost64UrlAndHeaderSafeCharacters() {
        for (int i = 0; i < TRIES; i++) {
            var cursor = new Cursor(chance.nextLong(), positiveLong(), positiveInt(), positiveLong());

            assertThat(cursor.text()).hasSizeLessThanOrEqualTo(64).matches("[A-Za-z0-9_-]+");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "earliest",
                "0",
                "null",
                "!!!!",
                "AAAA",
                "%00",
                "\0",
                "🙂",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void garbageIsRejected(String text) {
        assertThat(Cursor.parse(text)).isEmpty();
    }

    @Test
    void cursorWithSurroundingTextIsRejected() {
        String text = new Cursor(1, 2, 3, 4).text();

        assertThat(Cursor.parse(text + " ")).isEmpty();
        assertThat(Cursor.parse(" " + text)).isEmpty();
        assertThat(Cursor.parse(text + "\n")).isEmpty();
        assertThat(Cursor.parse(text + "=")).isEmpty();
        assertThat(Cursor.parse(text + "A")).isEmpty();
        assertThat(Cursor.parse(text.substring(1))).isEmpty();
    }

    @Test
    void negativeTimestampPartitionOrOffsetIsRejected() {
        assertThat(Cursor.parse(new Cursor(1, -1, 0, 0).text())).isEmpty();
        assertThat(Cursor.parse(new Cursor(1, 0, -1, 0).text())).isEmpty();
        assertThat(Cursor.parse(new Cursor(1, 0, 0, -2).text())).isEmpty();
    }

    @Test
    void positionBeforeTheFirstMessageIsCursor() {
        var start = new Cursor(1, 0, 0, -1);

        assertThat(Cursor.parse(start.text())).contains(start);
    }

    @Test
    void nonCanonicalTextOfSameBytesIsRejected() {
        String text = new Cursor(1, 2, 3, 4).text();
        // 38 characters carry 4 bits more than 28 bytes, so the last character has 15 alternatives.
        String stem = text.substring(0, text.length() - 1);
        Base64.Decoder decoder = Base64.getUrlDecoder();

        for (char other : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
            String spelling = stem + other;
            if (!spelling.equals(text)) {
                assertThat(Cursor.parse(spelling)).isNotEqualTo(Cursor.parse(text));
            }
        }
        assertThat(decoder.decode(stem + "B")).isEqualTo(decoder.decode(stem + "A"));
        assertThat(Cursor.parse(stem + "B")).isEmpty();
    }

    @Test
    void cursorParsedFromRandomBytesIsWrittenAsSameText() {
        for (int i = 0; i < TRIES; i++) {
            var bytes = new byte[chance.nextInt(4) == 0 ? chance.nextInt(64) : BYTES];
            chance.nextBytes(bytes);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

            Cursor.parse(text).ifPresent(cursor -> assertThat(cursor.text()).isEqualTo(text));
            assertThat(Cursor.parse(text).isPresent())
                    .isEqualTo(bytes.length == BYTES && bytes[8] >= 0 && bytes[16] >= 0 && bytes[20] >= 0);
        }
    }

    @Test
    void randomTextIsParsedOnlyIfCanonical() {
        for (int i = 0; i < TRIES; i++) {
            String text = chance.ints(chance.nextInt(70), 0, 0x250)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            assertThat(Cursor.parse(text).map(Cursor::text).orElse(text)).isEqualTo(text);
        }
    }

    private long positiveLong() {
        return chance.nextLong() & Long.MAX_VALUE;
    }

    private int positiveInt() {
        return chance.nextInt() & Integer.MAX_VALUE;
    }
}
