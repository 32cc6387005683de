/** Executes operations: the document cache, the limits, and graphql-java or a fast path that answers the operation. */
@NullMarked
package chatql.graphql.transport.execution;

import org.jspecify.annotations.NullMarked;
