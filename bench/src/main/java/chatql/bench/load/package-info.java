/** The load generator: clients of a gateway, in their own process. */
@NullMarked
package chatql.bench.load;

import org.jspecify.annotations.NullMarked;
