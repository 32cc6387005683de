/** Who may do what. */
@NullMarked
package chatql.security;

import org.jspecify.annotations.NullMarked;
