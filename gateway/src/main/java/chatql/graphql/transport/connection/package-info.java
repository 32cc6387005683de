/** One client's open connection: its running operations, its outbound queue, its end. */
@NullMarked
package chatql.graphql.transport.connection;

import org.jspecify.annotations.NullMarked;
