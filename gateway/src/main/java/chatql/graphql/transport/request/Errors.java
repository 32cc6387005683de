package chatql.graphql.transport.request;

import chatql.user.NotAllowed;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import java.util.List;
import java.util.Map;
import org.springframework.graphql.execution.ErrorType;
import org.springframework.graphql.execution.SubscriptionPublisherException;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;

/** Failures as GraphQL errors that tell a client enough and never a class's name. */
public final class Errors {

    private Errors() {}

    public static List<GraphQLError> of(Throwable failure) {
        return switch (failure) {
            case NotAllowed denied -> List.of(denied(denied));
            case Refusal refusal -> List.of(refused(refusal));
            case ErrorResponse known -> one(reason(known), ErrorType.BAD_REQUEST);
            case SubscriptionPublisherException resolved -> resolved.getErrors();
            default -> List.of(Unforeseen.logged(GraphqlErrorBuilder.newError(), failure));
        };
    }

    public static List<GraphQLError> one(String message, ErrorType type) {
        return List.of(GraphqlErrorBuilder.newError()
                .message("%s", message)
                .errorType(type)
                .build());
    }

    private static GraphQLError refused(Refusal refusal) {
        GraphqlErrorBuilder<?> error =
                GraphqlErrorBuilder.newError().message("%s", refusal.reason()).errorType(ErrorType.BAD_REQUEST);
        refusal.code().ifPresent(code -> error.extensions(Map.of("code", code)));
        return error.build();
    }

    /** Of a caller who may not do this, wherever that is found. */
    private static GraphQLError denied(NotAllowed denied) {
        return GraphqlErrorBuilder.newError()
                .message("%s", denied.getMessage())
                .errorType(ErrorType.valueOf(denied.reason().name()))
                .extensions(Map.of("code", denied.reason().name()))
                .build();
    }

    private static String reason(ErrorResponse known) {
        HttpStatus status = HttpStatus.resolve(known.getStatusCode().value());
        return status == null ? "The operation failed" : status.getReasonPhrase();
    }
}
