/** What a run leaves behind: tables and plots. */
@NullMarked
package chatql.bench.report;

import org.jspecify.annotations.NullMarked;
