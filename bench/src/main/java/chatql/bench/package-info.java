/** The benchmark: measures the gateway beside the floor and the straightforward way, and writes down what it saw. */
@NullMarked
package chatql.bench;

import org.jspecify.annotations.NullMarked;
