package chatql.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The outcome of a task.
 *
 * @param seconds the time over which messages were sent
 * @param total seconds until the last of them was delivered, or the wait ended
 * @param sent acknowledged messages
 * @param failed messages that were rejected, or not acknowledged in time
 * @param delivered deliveries: once per message and subscriber
 * @param lost acknowledged messages that a subscriber did not receive
 * @param twice messages that a subscriber received again
 * @param disordered messages that a subscriber received after one that follows them in the log
 * @param cpu seconds of the load generator's processor time
 * @param acknowledging the time to acknowledgements, in microseconds; encoded
 * @param delivering the time from the scheduled moment to the delivery, in microseconds; encoded
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

    /** Whether every message was delivered to every subscriber once and in order. */
    public boolean clean() {
        return lost == 0 && twice == 0 && disordered == 0 && failed == 0;
    }
}
