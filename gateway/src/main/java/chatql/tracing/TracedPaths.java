package chatql.tracing;

import java.util.function.Predicate;

/** The paths whose requests are traced; those of probes and pages are not. */
public record TracedPaths(Predicate<String> contain) {}
