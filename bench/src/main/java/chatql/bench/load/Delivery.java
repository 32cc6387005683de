package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a delivered message that the generator checks. They are found in its JSON without parsing the rest: the
 * cost of reading thousands of messages a second must not become the measurement.
 *
 * @param sequence its number among the messages to its recipient
 * @param scheduled when it was due, as {@link System#nanoTime} of this process
 * @param offset its offset in its partition
 */
record Delivery(int sequence, long scheduled, long offset) {
    private static final byte[] PLACE = key("\"place\":\"");
    private static final byte[] CONTENT = key("\"content\":\"#");
    private static final byte[] CURSOR = key("\"cursor\":\"");
    private static final int LENGTH = 100;

    /** The content of a message, of a hundred characters. */
    static String content(int sequence, long scheduled) {
        var content = new StringBuilder(LENGTH)
                .append('#')
                .append(sequence)
                .append(' ')
                .append(scheduled)
                .append(' ');
        return content.repeat('.', Math.max(0, LENGTH - content.length())).toString();
    }

    /** The message in a frame; null where the frame has none of the generator's. */
    static @Nullable Delivery in(ByteBuf frame) {
        int place = after(PLACE, frame);
        int content = after(CONTENT, frame);
        if (place < 0 || content < 0) {
            return null;
        }
        int dash = frame.indexOf(place, frame.writerIndex(), (byte) '-');
        int space = frame.indexOf(content, frame.writerIndex(), (byte) ' ');
        return new Delivery((int) number(frame, content), number(frame, space + 1), number(frame, dash + 1));
    }

    /** The message's cursor; null where there is none. */
    static @Nullable String cursor(ByteBuf frame) {
        int begin = after(CURSOR, frame);
        return begin < 0
                ? null
                : frame.toString(
                        begin,
                        frame.indexOf(begin, frame.writerIndex(), (byte) '"') - begin,
                        StandardCharsets.US_ASCII);
    }

    private static long number(ByteBuf text, int from) {
        long number = 0;
        for (int at = from; at < text.writerIndex(); at++) {
            int digit = text.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private static int after(byte[] key, ByteBuf text) {
        int last = text.writerIndex() - key.length;
        for (int at = text.readerIndex(); at <= last; at++) {
            if (text.getByte(at) == key[0] && matches(key, text, at)) {
                return at + key.length;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] key, ByteBuf text, int at) {
        for (int i = 1; i < key.length; i++) {
            if (text.getByte(at + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
