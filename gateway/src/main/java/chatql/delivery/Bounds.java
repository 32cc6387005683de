package chatql.delivery;

/**
 * How much may wait for one listener before it reads on from history instead.
 *
 * @param messages in number
 * @param weight in bytes of memory
 */
public record Bounds(int messages, int weight) {
    public static final Bounds DEFAULT = new Bounds(256, 1 << 20);
}
