package chatql.bench.load;

/** A server on this machine, and how it is spoken to. */
public record Where(Dialect dialect, int port) {}
