/** The order in which the parts of a pod start and stop. */
@NullMarked
package chatql.lifecycle;

import org.jspecify.annotations.NullMarked;
