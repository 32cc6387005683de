package chatql.tracing;

import java.util.function.Predicate;

/** Paths at which requests are followed; probes and pages are nobody's trace. */
public record TracedPaths(Predicate<String> contain) {}
