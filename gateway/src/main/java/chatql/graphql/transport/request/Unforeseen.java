package chatql.graphql.transport.request;

import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.graphql.execution.ErrorType;

/** What nobody foresaw: a client learns nothing of it but an id, by which it is found in the log. */
public final class Unforeseen {

    private static final Log log = LogFactory.getLog(Unforeseen.class);

    private Unforeseen() {}

    /** Logs the failure, and completes the error that stands for it. */
    public static GraphQLError logged(GraphqlErrorBuilder<?> error, Throwable failure) {
        String id = UUID.randomUUID().toString();
        log.error("An operation failed in a way that nobody foresaw: " + id, failure);
        return error.message("The operation failed")
                .errorType(ErrorType.INTERNAL_ERROR)
                .extensions(Map.of("code", "INTERNAL", "id", id))
                .build();
    }
}
