package chatql.graphql.transport.budget;

import org.jspecify.annotations.Nullable;

/**
 * What one operation carries besides its document.
 *
 * @param lastEventId the id of the last event that a reconnecting client received, if it sends one
 * @param reservation the operation's memory reservation
 */
public record OperationContext(@Nullable String lastEventId, Reservation reservation) {}
