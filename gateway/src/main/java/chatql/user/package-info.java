/** User ids, usernames and the caller of an operation. */
@NullMarked
package chatql.user;

import org.jspecify.annotations.NullMarked;
