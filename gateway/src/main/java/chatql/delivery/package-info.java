/** Live subscriptions: the join of stored messages with the live log. */
@NullMarked
package chatql.delivery;

import org.jspecify.annotations.NullMarked;
