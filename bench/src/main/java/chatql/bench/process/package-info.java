/** The processes of a run, and their use of processor and memory. */
@NullMarked
package chatql.bench.process;

import org.jspecify.annotations.NullMarked;
