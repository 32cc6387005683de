/** Strict and bounded reading of JSON that clients and producers write. */
@NullMarked
package chatql.json;

import org.jspecify.annotations.NullMarked;
