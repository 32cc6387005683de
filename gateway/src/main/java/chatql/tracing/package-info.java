/** How a message is followed from whoever sends it to those who hear it, for whoever collects that. */
@NullMarked
package chatql.tracing;

import org.jspecify.annotations.NullMarked;
