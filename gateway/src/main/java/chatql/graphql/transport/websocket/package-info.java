/** GraphQL over WebSocket, by the protocol graphql-transport-ws. */
@NullMarked
package chatql.graphql.transport.websocket;

import org.jspecify.annotations.NullMarked;
