/** The report of a run: tables and plots. */
@NullMarked
package chatql.bench.report;

import org.jspecify.annotations.NullMarked;
