package chatql.graphql.transport.budget;

import chatql.graphql.transport.request.EventMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What one operation has besides its text.
 *
 * @param ids of its events, if it is a subscription
 * @param lastEventId the id of the last event that the client saw before it came back, if it said so
 */
public record OperationContext(EventMetadata ids, @Nullable String lastEventId, Reservation reservation) {}
