/** The HTTP, SSE and WebSocket endpoint of GraphQL, which knows nothing of messages. */
@NullMarked
package chatql.graphql.transport;

import org.jspecify.annotations.NullMarked;
