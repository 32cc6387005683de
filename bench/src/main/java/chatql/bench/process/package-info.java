/** The processes that a run consists of, and what each of them takes of the machine. */
@NullMarked
package chatql.bench.process;

import org.jspecify.annotations.NullMarked;
