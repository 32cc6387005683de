package chatql.delivery;

/**
 * How much may wait for one listener before it reads on from history instead.
 *
 * @param messages in number
 * @param weight in bytes of memory
 * @param memory that it shares with all other listeners
 */
public record BufferLimits(int messages, int weight, BufferMemory memory) {
    public static final BufferLimits DEFAULT = new BufferLimits(256, 1 << 20);

    /** For a listener whose memory is bounded by nothing else. */
    public BufferLimits(int messages, int weight) {
        this(messages, weight, new BufferMemory(Long.MAX_VALUE / 4));
    }
}
