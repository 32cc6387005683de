package chatql.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What became of a task.
 *
 * @param seconds that messages were sent for
 * @param total seconds until the last of them was heard, or nobody waited any more
 * @param sent messages that were acknowledged
 * @param failed messages that were refused, or not acknowledged in time
 * @param delivered messages that were heard, once for each who did
 * @param lost acknowledged messages that somebody who listened didn't hear
 * @param twice messages that somebody heard again
 * @param disordered messages that came to somebody after one that stands behind them in the log
 * @param cpu seconds of processor time that the load generator took for it
 * @param acknowledging how long it took to be acknowledged, in microseconds; encoded
 * @param delivering how long it took from the moment in the schedule to be heard, in microseconds; encoded
 */
public record Outcome(
        double seconds,
        double total,
        long sent,
        long failed,
        long delivered,
        long lost,
        long twice,
        long disordered,
        double cpu,
        String acknowledging,
        String delivering) {

    static String encode(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    /** Microseconds. */
    public static Histogram decode(String encoded) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
        } catch (DataFormatException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    Outcome withAcknowledging(Histogram other) {
        return new Outcome(
                seconds, total, sent, failed, delivered, lost, twice, disordered, cpu, encode(other), delivering);
    }

    /** Whether every message reached everybody once and in order. */
    public boolean clean() {
        return lost == 0 && twice == 0 && disordered == 0 && failed == 0;
    }
}
