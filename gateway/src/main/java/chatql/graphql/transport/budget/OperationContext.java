package chatql.graphql.transport.budget;

import chatql.graphql.transport.request.EventMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What one operation carries besides its document.
 *
 * @param ids of its events, if it is a subscription
 * @param lastEventId the id of the last event that a reconnecting client received, if it sends one
 * @param reservation the operation's memory reservation
 */
public record OperationContext(EventMetadata ids, @Nullable String lastEventId, Reservation reservation) {}
