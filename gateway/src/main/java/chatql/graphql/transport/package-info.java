/** How GraphQL reaches a client: our own HTTP, SSE and WebSocket endpoint, which knows nothing of messages. */
@NullMarked
package chatql.graphql.transport;

import org.jspecify.annotations.NullMarked;
