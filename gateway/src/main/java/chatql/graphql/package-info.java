/** The operations clients call: the only package that knows GraphQL. */
@NullMarked
package chatql.graphql;

import org.jspecify.annotations.NullMarked;
