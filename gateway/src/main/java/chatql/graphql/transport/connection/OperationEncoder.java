package chatql.graphql.transport.connection;

import graphql.ExecutionResult;
import graphql.GraphQLError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes one operation's messages for a transport. */
public interface OperationEncoder {

    /** Encodes one result; {@code eventId} is sent where the transport has ids. */
    byte[] next(ExecutionResult result, @Nullable String eventId);

    /** Encodes the successful end of the operation. */
    byte[] complete();

    /** Encodes the errors of an operation that failed or never started. */
    byte[] error(List<GraphQLError> errors);
}
