/** What was said before now. */
@NullMarked
package chatql.history;

import org.jspecify.annotations.NullMarked;
