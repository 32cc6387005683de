/** A GraphQL request as the client sent it, and the errors for invalid ones. */
@NullMarked
package chatql.graphql.transport.request;

import org.jspecify.annotations.NullMarked;
