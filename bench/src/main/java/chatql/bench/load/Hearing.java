package chatql.bench.load;

/** A subscriber that reconnects after it lost its connection, and resumes. */
interface Hearing {
    void open();

    /** Disconnects until it is opened again. */
    void close();
}
