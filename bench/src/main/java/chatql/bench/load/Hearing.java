package chatql.bench.load;

/** One who listens, and connects again when the connection was lost, to go on where it was. */
interface Hearing {
    void open();

    /** Goes away, until it is opened again. */
    void close();
}
