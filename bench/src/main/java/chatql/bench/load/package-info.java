/** The load generator: clients of a gateway, in a process of their own. */
@NullMarked
package chatql.bench.load;

import org.jspecify.annotations.NullMarked;
