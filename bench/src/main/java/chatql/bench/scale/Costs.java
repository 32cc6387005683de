package chatql.bench.scale;

/**
 * What things cost, as the benchmark has measured them: processor time in microseconds of one core.
 *
 * @param append to take a message and have it acknowledged
 * @param delivery to hand a message to one subscriber
 * @param skip to read a record that nobody on this pod wants, the fetch included
 * @param history to keep a message in both timelines
 * @param subscription resident memory of an idle subscription, in KiB
 * @param record bytes of a record on the wire and on the broker's disk
 */
public record Costs(double append, double delivery, double skip, double history, double subscription, double record) {
    /** Rounded up from bench/RESULTS.md. */
    public static final Costs MEASURED = new Costs(60, 40, 1.2, 60, 10, 250);
}
