package chatql.graphql.transport.request;

import chatql.logging.RateLimitedLogger;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.graphql.execution.ErrorType;

/** Unexpected failures: a client learns nothing of it but an id, by which it is found in the log. */
public final class InternalErrors {

    /** Places that fail, each of which is logged so and so often. A pod with more faults than these logs the rest as one. */
    private static final int FAULTS = 20;

    private static final RateLimitedLogger REST = new RateLimitedLogger(InternalErrors.class);
    private static final Map<String, RateLimitedLogger> BY_FAULT = new ConcurrentHashMap<>();

    private InternalErrors() {}

    /** Logs the failure, and completes the error that stands for it. */
    public static GraphQLError logged(GraphqlErrorBuilder<?> error, Throwable failure) {
        String id = UUID.randomUUID().toString();
        log(failure).error("An operation failed in a way that nobody foresaw: {}", failure, id);
        return error.message("The operation failed")
                .errorType(ErrorType.INTERNAL_ERROR)
                .extensions(Map.of("code", "INTERNAL", "id", id))
                .build();
    }

    /** One for each place, so that a fault that a client repeats does not hide another. */
    private static RateLimitedLogger log(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String place = failure.getClass().getName() + (trace.length == 0 ? "" : trace[0]);
        return BY_FAULT.containsKey(place) || BY_FAULT.size() < FAULTS
                ? BY_FAULT.computeIfAbsent(place, first -> new RateLimitedLogger(InternalErrors.class))
                : REST;
    }
}
