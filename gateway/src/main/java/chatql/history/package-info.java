/** The port to stored messages, page by page. */
@NullMarked
package chatql.history;

import org.jspecify.annotations.NullMarked;
