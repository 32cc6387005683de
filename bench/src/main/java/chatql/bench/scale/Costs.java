package chatql.bench.scale;

/**
 * The measured costs: processor time in microseconds of one core.
 *
 * @param append of accepting a message until it is acknowledged
 * @param delivery of sending a message to one subscriber
 * @param skip of reading a record without a subscriber on this pod, with the fetch
 * @param history of storing a message in both timelines
 * @param subscription resident memory of an idle subscription, in KiB
 * @param record bytes of a record on the wire and on the broker's disk
 */
public record Costs(double append, double delivery, double skip, double history, double subscription, double record) {
    /** Rounded up from bench/RESULTS.md. */
    public static final Costs MEASURED = new Costs(60, 40, 1.2, 60, 10, 250);
}
