package chatql.graphql;

import chatql.graphql.transport.request.GraphQlErrors;
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

/** Maps failures of data fetchers to GraphQL errors: a code in {@code extensions.code}, and a sentence. */
public final class DataFetcherErrors {
    private DataFetcherErrors() {}

    /** Maps a failure to an error. An unexpected failure becomes an internal error without details. */
    public static GraphQLError error(GraphqlErrorBuilder<?> error, Throwable failure) {
        return switch (failure) {
            case AccessDenied denied -> GraphQlErrors.denied(error, denied);
            case RateLimitExceeded exceeded -> rateLimited(error, exceeded);
            case BadUserInput bad -> error(error, bad, ErrorType.BAD_REQUEST, "BAD_USER_INPUT");
            case InvalidCursor invalid -> error(error, invalid, ErrorType.BAD_REQUEST, "CURSOR_" + invalid.reason());
            case HistoryUnavailable unavailable ->
                error(error, unavailable, ErrorType.INTERNAL_ERROR, "HISTORY_UNAVAILABLE");
            case UserDirectoryUnavailable unavailable ->
                error(error, unavailable, ErrorType.INTERNAL_ERROR, "DIRECTORY_UNAVAILABLE");
            case LogChanged changed -> error(error, changed, ErrorType.INTERNAL_ERROR, "LOG_CHANGED");
            case LogUnavailable unavailable -> error(error, unavailable, ErrorType.INTERNAL_ERROR, "LOG_UNAVAILABLE");
            // The client has disconnected, so this error is never sent.
            case AbortExecutionException cancelled -> cancelled;
            default -> InternalErrors.logged(error, failure);
        };
    }

    private static GraphQLError rateLimited(GraphqlErrorBuilder<?> error, RateLimitExceeded exceeded) {
        return error.message(String.valueOf(exceeded.getMessage()))
                .errorType(ErrorType.FORBIDDEN)
                .extensions(Map.of(
                        "code",
                        "RATE_LIMITED",
                        "retryAfter",
                        exceeded.retryAfter().toMillis() + 1))
                .build();
    }

    private static GraphQLError error(GraphqlErrorBuilder<?> error, Throwable failure, ErrorType type, String code) {
        return error.message(String.valueOf(failure.getMessage()))
                .errorType(type)
                .extensions(Map.of("code", code))
                .build();
    }
}
