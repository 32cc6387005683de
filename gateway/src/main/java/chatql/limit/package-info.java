/** Rate and size limits, per client and for all clients together. */
@NullMarked
package chatql.limit;

import org.jspecify.annotations.NullMarked;
