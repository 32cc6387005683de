/** The gateway, assembled. */
@NullMarked
package chatql;

import org.jspecify.annotations.NullMarked;
