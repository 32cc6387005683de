/** A straightforward implementation: Spring GraphQL with its defaults, and one Flux that every subscriber filters. */
@NullMarked
package chatql.bench.stock;

import org.jspecify.annotations.NullMarked;
