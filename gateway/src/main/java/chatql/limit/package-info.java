/** How much of the gateway one client may take, and all of them together. */
@NullMarked
package chatql.limit;

import org.jspecify.annotations.NullMarked;
