/** Log lines whose number and size no client chooses. */
@NullMarked
package chatql.logging;

import org.jspecify.annotations.NullMarked;
