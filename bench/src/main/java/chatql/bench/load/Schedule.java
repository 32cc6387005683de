package chatql.bench.load;

/**
 * When each message is to be sent: evenly, and independent of what became of the ones before.
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

    /** How many are due by now, of so many in all. */
    long due(long now, long all) {
        return now < start ? 0 : Math.min(all, 1 + (long) ((now - start) * rate / SECOND));
    }
}
