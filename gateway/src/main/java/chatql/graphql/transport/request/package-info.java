/** A GraphQL request as a client sent it, and the errors that answer a bad one. */
@NullMarked
package chatql.graphql.transport.request;

import org.jspecify.annotations.NullMarked;
