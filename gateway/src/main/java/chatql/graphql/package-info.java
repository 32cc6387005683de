/** The resolvers of the GraphQL schema. Only this package and its transports use GraphQL. */
@NullMarked
package chatql.graphql;

import org.jspecify.annotations.NullMarked;
