/** Log lines whose number and size no client controls. */
@NullMarked
package chatql.logging;

import org.jspecify.annotations.NullMarked;
