/** Extrapolates the measured costs to sizes that cannot be measured: arithmetic for docs/scaling.md. */
@NullMarked
package chatql.bench.scale;

import org.jspecify.annotations.NullMarked;
