/** The content and the environment of the image. */
@NullMarked
package chatql.image;

import org.jspecify.annotations.NullMarked;
