package chatql.graphql.transport.connection;

import graphql.ExecutionResult;
import graphql.GraphQLError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a transport says what one operation has to say. */
public interface OperationEncoder {

    /** One result; {@code eventId} names it where the transport can. */
    byte[] next(ExecutionResult result, @Nullable String eventId);

    /** The operation is over, and all was well. */
    byte[] complete();

    /** The operation is over: it failed, or never began. */
    byte[] error(List<GraphQLError> errors);
}
