package chatql.graphql.transport.request;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * An output stream that collects a text of bounded size. A text that is written in one piece, as small ones are, is
 * copied once.
 */
final class JsonText extends OutputStream {
    private static final byte[] NONE = new byte[0];

    private final int most;
    private byte[] bytes = NONE;
    private int length;
    private boolean full;

    JsonText(int most) {
        this.most = most;
    }

    @Override
    public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    /** Throws {@link IllegalStateException} where the text becomes larger than the bound. */
    @Override
    public void write(byte[] piece, int offset, int count) {
        if (count > most - length) {
            full = true;
            throw new IllegalStateException("More than " + most + " bytes");
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(length + count, 2 * bytes.length)));
        }
        System.arraycopy(piece, offset, bytes, length, count);
        length += count;
    }

    boolean isFull() {
        return full;
    }

    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
