/** Admission control: connections and requests per client, their duration, and the identity of the client. */
@NullMarked
package chatql.graphql.transport.admission;

import org.jspecify.annotations.NullMarked;
