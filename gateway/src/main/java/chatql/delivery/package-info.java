/** What is being said from now on, to whoever listens. */
@NullMarked
package chatql.delivery;

import org.jspecify.annotations.NullMarked;
