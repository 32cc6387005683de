/** Answers the most frequent operations without graphql-java: no other package knows it, and without it they are executed. */
@NullMarked
package chatql.graphql.fastpath;

import org.jspecify.annotations.NullMarked;
