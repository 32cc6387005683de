/** The order in which the components of a pod start and stop. */
@NullMarked
package chatql.lifecycle;

import org.jspecify.annotations.NullMarked;
