/** What a message is, what may be said, and the log it is said into. */
@NullMarked
package chatql.message;

import org.jspecify.annotations.NullMarked;
