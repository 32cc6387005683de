/** A GraphQL request as the client sent it, the errors for invalid ones, and the events of a subscription. */
@NullMarked
package chatql.graphql.transport.request;

import org.jspecify.annotations.NullMarked;
