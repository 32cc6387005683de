/** The limits of the transport, and what of the pod's memory each operation has reserved. */
@NullMarked
package chatql.graphql.transport.budget;

import org.jspecify.annotations.NullMarked;
