/** Messages, their validation, and the port to the log. */
@NullMarked
package chatql.message;

import org.jspecify.annotations.NullMarked;
