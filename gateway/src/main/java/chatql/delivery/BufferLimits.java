package chatql.delivery;

/**
 * The bounds on what is buffered for one subscriber. A subscriber beyond them falls back to history.
 *
 * @param messages in number
 * @param weight in bytes of memory
 * @param memory which all subscribers share
 */
public record BufferLimits(int messages, int weight, BufferMemory memory) {
    public static final BufferLimits DEFAULT = new BufferLimits(256, 1 << 20);

    /** For a subscriber without a bound on shared memory. */
    public BufferLimits(int messages, int weight) {
        this(messages, weight, new BufferMemory(Long.MAX_VALUE / 4));
    }
}
