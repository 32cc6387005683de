package chatql.graphql.transport.request;

import chatql.logging.RateLimitedLogger;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.graphql.execution.ErrorType;

/** Unexpected failures: the client receives only an id, by which the failure is found in the log. */
public final class InternalErrors {

    /**
     * Code locations that fail, each of which has its own rate-limited logger. A pod with more of them logs the rest
     * through one.
     */
    private static final int MAX_LOCATIONS = 20;

    private static final RateLimitedLogger REST = new RateLimitedLogger(InternalErrors.class);
    private static final Map<String, RateLimitedLogger> BY_LOCATION = new ConcurrentHashMap<>();

    private InternalErrors() {}

    /** Logs the failure, and builds the error that the client receives. */
    public static GraphQLError logged(GraphqlErrorBuilder<?> error, Throwable failure) {
        String id = UUID.randomUUID().toString();
        log(failure).error("An operation failed unexpectedly: {}", failure, id);
        return error.message("The operation failed")
                .errorType(ErrorType.INTERNAL_ERROR)
                .extensions(Map.of("code", "INTERNAL", "id", id))
                .build();
    }

    /** Returns one logger per code location, so that a fault that a client repeats does not hide another. */
    private static RateLimitedLogger log(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String location = failure.getClass().getName() + (trace.length == 0 ? "" : trace[0]);
        return BY_LOCATION.containsKey(location) || BY_LOCATION.size() < MAX_LOCATIONS
                ? BY_LOCATION.computeIfAbsent(location, first -> new RateLimitedLogger(InternalErrors.class))
                : REST;
    }
}
