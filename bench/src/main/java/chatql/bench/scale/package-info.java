/** What the measured costs come to at a size that nobody can measure: arithmetic for docs/scaling.md. */
@NullMarked
package chatql.bench.scale;

import org.jspecify.annotations.NullMarked;
