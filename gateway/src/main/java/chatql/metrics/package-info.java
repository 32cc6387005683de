/** What is counted, by its name. */
@NullMarked
package chatql.metrics;

import org.jspecify.annotations.NullMarked;
