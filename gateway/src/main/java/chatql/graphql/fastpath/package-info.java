/**
 * Answers the most frequent operations without graphql-java. No other package depends on this one; without it,
 * graphql-java executes those operations.
 */
@NullMarked
package chatql.graphql.fastpath;

import org.jspecify.annotations.NullMarked;
