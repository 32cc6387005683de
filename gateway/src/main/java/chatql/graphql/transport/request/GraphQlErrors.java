package chatql.graphql.transport.request;

import chatql.user.AccessDenied;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import java.util.List;
import java.util.Map;
import org.springframework.graphql.execution.ErrorType;
import org.springframework.graphql.execution.SubscriptionPublisherException;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;

/** Maps failures to GraphQL errors, which inform the client and never name a class. */
public final class GraphQlErrors {

    private GraphQlErrors() {}

    public static List<GraphQLError> of(Throwable failure) {
        return switch (failure) {
            case AccessDenied denied -> List.of(denied(GraphqlErrorBuilder.newError(), denied));
            case RequestRejected requestRejected -> List.of(rejected(requestRejected));
            case ErrorResponse known -> one(reason(known), ErrorType.BAD_REQUEST);
            case SubscriptionPublisherException resolved -> resolved.getErrors();
            default -> List.of(InternalErrors.logged(GraphqlErrorBuilder.newError(), failure));
        };
    }

    public static List<GraphQLError> one(String message, ErrorType type) {
        return List.of(GraphqlErrorBuilder.newError()
                .message("%s", message)
                .errorType(type)
                .build());
    }

    private static GraphQLError rejected(RequestRejected requestRejected) {
        GraphqlErrorBuilder<?> error = GraphqlErrorBuilder.newError()
                .message("%s", requestRejected.reason())
                .errorType(ErrorType.BAD_REQUEST);
        requestRejected.code().ifPresent(code -> error.extensions(Map.of("code", code)));
        return error.build();
    }

    /** The error of an unauthorized caller, wherever that is detected. */
    public static GraphQLError denied(GraphqlErrorBuilder<?> error, AccessDenied denied) {
        String reason = denied.reason().name();
        return error.message("%s", denied.getMessage())
                .errorType(ErrorType.valueOf(reason))
                .extensions(Map.of("code", reason))
                .build();
    }

    private static String reason(ErrorResponse known) {
        HttpStatus status = HttpStatus.resolve(known.getStatusCode().value());
        return status == null ? "The operation failed" : status.getReasonPhrase();
    }
}
