/** JSON that clients and producers write: read strictly, with a bound on everything they choose. */
@NullMarked
package chatql.json;

import org.jspecify.annotations.NullMarked;
