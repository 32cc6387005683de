/** Traces messages from their sender to their subscribers, with OpenTelemetry. */
@NullMarked
package chatql.tracing;

import org.jspecify.annotations.NullMarked;
