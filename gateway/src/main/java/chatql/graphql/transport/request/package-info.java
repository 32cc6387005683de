/** A GraphQL request as a client sent it, the errors that answer a bad one, and the events that answer a subscription. */
@NullMarked
package chatql.graphql.transport.request;

import org.jspecify.annotations.NullMarked;
