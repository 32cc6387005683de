package chatql.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.UserId;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final Cursor CURSOR = new Cursor(1, 2, 3, 4);

    @Test
    void messageIsEncodedInTopicFormat() {
        byte[] value = MessageCodec.encode(draft("hello"));

        assertThat(new String(value, StandardCharsets.UTF_8))
                .isEqualTo("{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"hello\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "👩‍👩‍👧‍👦",
                "مرحبا \u202Eالعالم\u202C",
                "zero\0nought",
                "\u0001\u001B\u007F\u0085\u2028\u2029",
                "line\nline\r\n\ttab",
                "\"quoted\" \\ {\"json\":true}",
                "\uFEFFmarked \uFFFF"
            })
    void contentIsPreservedByteForByte(String content) {
        Message message = MessageCodec.decode(MessageCodec.encode(draft(content)), CURSOR);

        assertThat(message).isEqualTo(new Message(CURSOR, new UserId("anna"), new UserId("ben"), content));
    }

    @Test
    void everyUnicodeCharacterSurvivesEncodingAndDecoding() {
        for (int first = 0; first < 0x110000; first += 0x1000) {
            String content = IntStream.range(first, first + 0x1000)
                    .filter(character -> character < 0xD800 || character > 0xDFFF)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            assertThat(MessageCodec.decode(MessageCodec.encode(draft(content)), CURSOR)
                            .content())
                    .isEqualTo(content);
        }
    }

    @Test
    void unknownFieldsOfAnotherServiceAreIgnored() {
        Message message = decode("""
                { "version": 2, "content": "hi", "tags": ["a", {"senderId": "c"}],
                  "recipientId": "ben", "senderId": "anna", "at": null }
                """);

        assertThat(message.sender().value()).isEqualTo("anna");
        assertThat(message.recipient().value()).isEqualTo("ben");
        assertThat(message.content()).isEqualTo("hi");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    hello                                                     | not JSON
                    {"senderId":                                              | not JSON
                    "hello"                                                   | not a JSON object
                    ["anna"]                                                  | not a JSON object
                    null                                                      | not a JSON object
                    {}                                                        | senderId is missing
                    {"senderId":"anna","content":"x"}                         | recipientId is missing
                    {"senderId":"anna","recipientId":"ben"}                   | content is missing
                    {"senderId":"anna","recipientId":"ben","content":null}    | content is not a string
                    {"senderId":"anna","recipientId":"ben","content":5}       | content is not a string
                    {"senderId":["a"],"recipientId":"ben","content":"x"}      | senderId is not a string
                    {"senderId":"anna","recipientId":{},"content":"x"}        | recipientId is not a string
                    {"senderId":" ","recipientId":"ben","content":"x"}        | senderId must not be blank
                    {"senderId":"anna","recipientId":"","content":"x"}        | recipientId must not be blank
                    """)
    void invalidMessageIsRejectedWithReason(String value, String reason) {
        assertUnreadable(value.getBytes(StandardCharsets.UTF_8), reason);
    }

    @Test
    void tooLongIdIsRejected() {
        String value = "{\"senderId\":\"%s\",\"recipientId\":\"ben\",\"content\":\"x\"}".formatted("a".repeat(129));

        assertUnreadable(value.getBytes(StandardCharsets.UTF_8), "senderId must not be longer than 128 characters");
    }

    @Test
    void emptyValueIsRejected() {
        assertUnreadable(null, "no value");
        assertUnreadable(new byte[0], "not a JSON object");
    }

    @Test
    void invalidUtf8IsRejected() {
        byte[] value = "{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"é\"}"
                .getBytes(StandardCharsets.ISO_8859_1);

        assertUnreadable(value, "not JSON");
    }

    @Test
    void byteOrderMarkOfUtf8IsIgnored() {
        Message message = decode("\uFEFF{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"x\"}");

        assertThat(message.content()).isEqualTo("x");
        assertUnreadable("\uFEFF".getBytes(StandardCharsets.UTF_8), "not JSON");
        assertUnreadable("\uFEFF\uFEFF{}".getBytes(StandardCharsets.UTF_8), "not JSON");
    }

    @Test
    void unboundedNestingIsRejected() {
        assertUnreadable("[".repeat(100_000).getBytes(StandardCharsets.UTF_8), "not JSON");
        assertUnreadable(("{\"a\":".repeat(100_000)).getBytes(StandardCharsets.UTF_8), "not JSON");
    }

    @Test
    void textAfterObjectIsRejected() {
        assertUnreadable(
                "{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"x\"} and more"
                        .getBytes(StandardCharsets.UTF_8),
                "not JSON");
    }

    @Test
    void unpairedSurrogateInIdIsRejected() {
        String half = "\\" + "ud83d";

        assertUnreadable(
                "{\"senderId\":\"%s\",\"recipientId\":\"ben\",\"content\":\"x\"}"
                        .formatted(half)
                        .getBytes(StandardCharsets.UTF_8),
                "senderId must be valid Unicode");
    }

    @Test
    void unpairedSurrogateInContentIsRejected() {
        String half = "\\" + "udc00";

        assertUnreadable(
                "{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"x%sx\"}"
                        .formatted(half)
                        .getBytes(StandardCharsets.UTF_8),
                "content must be valid Unicode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE", "x-UTF-16LE-BOM"})
    void jsonInEncodingOtherThanUtf8IsRejected(String encoding) {
        String value = "{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"x\"}";

        assertUnreadable(value.getBytes(Charset.forName(encoding)), "not JSON");
        assertUnreadable((" \n" + value).getBytes(Charset.forName(encoding)), "not JSON");
    }

    @Test
    void surrogatesAndOverlongFormsInUtf8AreRejected() {
        byte[] value = "{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"@@@@@@\"}"
                .getBytes(StandardCharsets.UTF_8);
        int content = new String(value, StandardCharsets.UTF_8).indexOf('@');
        byte[] pair = {(byte) 0xED, (byte) 0xA0, (byte) 0xBD, (byte) 0xED, (byte) 0xB8, (byte) 0x80};
        byte[] slash = {(byte) 0xC0, (byte) 0xAF, (byte) 0xC0, (byte) 0xAF, (byte) 0xC0, (byte) 0xAF};

        assertUnreadable(replaced(value, content, pair), "not JSON");
        assertUnreadable(replaced(value, content, slash), "not JSON");
    }

    private static byte[] replaced(byte[] value, int at, byte[] by) {
        byte[] replaced = value.clone();
        System.arraycopy(by, 0, replaced, at, by.length);
        return replaced;
    }

    @Test
    void lastOfDuplicateFieldsCounts() {
        Message message = decode(
                "{\"senderId\":5,\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"1\",\"content\":\"2\"}");

        assertThat(message.sender().value()).isEqualTo("anna");
        assertThat(message.content()).isEqualTo("2");
    }

    @Test
    void fieldNameHasAtMost1024Characters() {
        String value = "{\"%s\":1,\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"x\"}";

        assertThat(decode(value.formatted("n".repeat(1_024))).content()).isEqualTo("x");
        assertUnreadable(value.formatted("n".repeat(1_025)).getBytes(StandardCharsets.UTF_8), "not JSON");
    }

    @Test
    void storedValueOfEarlierReleaseIsReadWithReplacementCharacters() {
        String value = "{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"a%sb\\uD83D\\uDE00\"}"
                .formatted("\\" + "ud83d");

        Message message = MessageCodec.stored(value.getBytes(StandardCharsets.UTF_16), CURSOR);

        assertThat(message.content()).isEqualTo("a\uFFFDb\uD83D\uDE00");
    }

    @Test
    void oversizedValueIsRejectedForItsSize() {
        assertUnreadable(RecordSize.OVERSIZED, "larger than 1040384 bytes");
    }

    private static Draft draft(String content) {
        return new Draft(new UserId("anna"), new UserId("ben"), content, null);
    }

    private static Message decode(String value) {
        return MessageCodec.decode(value.getBytes(StandardCharsets.UTF_8), CURSOR);
    }

    private static void assertUnreadable(byte[] value, String reason) {
        assertThatExceptionOfType(MessageCodec.InvalidRecord.class)
                .isThrownBy(() -> MessageCodec.decode(value, CURSOR))
                .satisfies(invalidRecord -> assertThat(invalidRecord.reason()).isEqualTo(reason));
    }
}
