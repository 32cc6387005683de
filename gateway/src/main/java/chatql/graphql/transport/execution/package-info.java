/** Runs an operation: document cache, limits, graphql-java, or a fast path where one knows the operation. */
@NullMarked
package chatql.graphql.transport.execution;

import org.jspecify.annotations.NullMarked;
