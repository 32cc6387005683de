/** What an operator does from a shell. */
@NullMarked
package chatql.admin;

import org.jspecify.annotations.NullMarked;
