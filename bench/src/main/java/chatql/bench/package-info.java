/** The benchmark: compares the gateway with the floor and with a stock implementation, and writes a report. */
@NullMarked
package chatql.bench;

import org.jspecify.annotations.NullMarked;
