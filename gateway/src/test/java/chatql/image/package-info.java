/** What goes into the image, and what it is told there. */
@NullMarked
package chatql.image;

import org.jspecify.annotations.NullMarked;
