/** The chat page, GraphiQL, and the AsyncAPI document. */
@NullMarked
package chatql.web;

import org.jspecify.annotations.NullMarked;
