/** GraphQL over HTTP. */
@NullMarked
package chatql.graphql.transport.http;

import org.jspecify.annotations.NullMarked;
