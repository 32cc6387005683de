/** Lists and replays dead letters, for the operator's command. */
@NullMarked
package chatql.kafka.deadletter;

import org.jspecify.annotations.NullMarked;
