/** The gateway's own meters and their names. */
@NullMarked
package chatql.metrics;

import org.jspecify.annotations.NullMarked;
