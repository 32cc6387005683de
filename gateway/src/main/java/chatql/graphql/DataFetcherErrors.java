package chatql.graphql;

import chatql.graphql.transport.request.InternalErrors;
import chatql.history.HistoryUnavailable;
import chatql.limit.RateLimitExceeded;
import chatql.message.InvalidCursor;
import chatql.message.LogChanged;
import chatql.message.LogUnavailable;
import chatql.user.AccessDenied;
import chatql.user.UserDirectoryUnavailable;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.AbortExecutionException;
import java.util.Map;
import org.springframework.graphql.execution.ErrorType;

/** What clients are told of a failure: its kind in {@code extensions.code}, and a sentence. */
public final class DataFetcherErrors {
    private DataFetcherErrors() {}

    /** The error for a failure: of one that clients may not know of, it tells nothing. */
    public static GraphQLError error(GraphqlErrorBuilder<?> error, Throwable failure) {
        return switch (failure) {
            case AccessDenied denied -> denied(error, denied);
            case RateLimitExceeded often -> tooOften(error, often);
            case BadUserInput bad -> error(error, bad, ErrorType.BAD_REQUEST, "BAD_USER_INPUT");
            case InvalidCursor refused -> error(error, refused, ErrorType.BAD_REQUEST, "CURSOR_" + refused.reason());
            case HistoryUnavailable gone -> error(error, gone, ErrorType.INTERNAL_ERROR, "HISTORY_UNAVAILABLE");
            case UserDirectoryUnavailable gone -> error(error, gone, ErrorType.INTERNAL_ERROR, "DIRECTORY_UNAVAILABLE");
            case LogChanged changed -> error(error, changed, ErrorType.INTERNAL_ERROR, "LOG_CHANGED");
            case LogUnavailable gone -> error(error, gone, ErrorType.INTERNAL_ERROR, "LOG_UNAVAILABLE");
            // Whoever asked has gone, and nobody reads this.
            case AbortExecutionException cancelled -> cancelled;
            default -> InternalErrors.logged(error, failure);
        };
    }

    private static GraphQLError denied(GraphqlErrorBuilder<?> error, AccessDenied denied) {
        String reason = denied.reason().name();
        return error(error, denied, ErrorType.valueOf(reason), reason);
    }

    private static GraphQLError tooOften(GraphqlErrorBuilder<?> error, RateLimitExceeded often) {
        return error.message(String.valueOf(often.getMessage()))
                .errorType(ErrorType.FORBIDDEN)
                .extensions(Map.of(
                        "code", "RATE_LIMITED", "retryAfter", often.retryAfter().toMillis() + 1))
                .build();
    }

    private static GraphQLError error(GraphqlErrorBuilder<?> error, Throwable failure, ErrorType type, String code) {
        return error.message(String.valueOf(failure.getMessage()))
                .errorType(type)
                .extensions(Map.of("code", code))
                .build();
    }
}
