package chatql.bench.load;

/**
 * The schedule of an open loop: messages are due at even intervals, independently of the results of earlier ones.
 *
 * @param start a moment of {@link System#nanoTime}
 * @param rate messages a second
 */
record Schedule(long start, int rate) {
    private static final double SECOND = 1e9;

    /** The moment of the message of that number; the first is 0. */
    long moment(long number) {
        return start + Math.round(number * (SECOND / rate));
    }

    /** The number of messages that are due by now, at most {@code all}. */
    long due(long now, long all) {
        return now < start ? 0 : Math.min(all, 1 + (long) ((now - start) * rate / SECOND));
    }
}
