package chatql.graphql.transport.budget;

import org.jspecify.annotations.Nullable;

/**
 * What one operation has besides its text.
 *
 * @param lastEventId the id of the last event that the client saw before it came back, if it said so
 */
public record OperationContext(@Nullable String lastEventId, Reservation reservation) {}
