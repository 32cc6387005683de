/** The straightforward way: Spring GraphQL as it comes, and one Flux that every subscriber filters. */
@NullMarked
package chatql.bench.stock;

import org.jspecify.annotations.NullMarked;
