/** GraphQL over server-sent events. */
@NullMarked
package chatql.graphql.transport.sse;

import org.jspecify.annotations.NullMarked;
