/** Runs an operation: document cache, limits, graphql-java or the fast path. */
@NullMarked
package chatql.graphql.transport.execution;

import org.jspecify.annotations.NullMarked;
