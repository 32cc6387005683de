/** Who is speaking, and by which name. */
@NullMarked
package chatql.user;

import org.jspecify.annotations.NullMarked;
