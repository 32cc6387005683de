/** The command line for operators. */
@NullMarked
package chatql.admin;

import org.jspecify.annotations.NullMarked;
