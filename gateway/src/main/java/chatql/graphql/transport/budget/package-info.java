/** The limits of the transport, and each operation's reservation in the pod's memory budget. */
@NullMarked
package chatql.graphql.transport.budget;

import org.jspecify.annotations.NullMarked;
