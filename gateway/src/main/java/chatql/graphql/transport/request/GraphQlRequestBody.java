package chatql.graphql.transport.request;

import graphql.language.OperationDefinition;
import graphql.language.OperationDefinition.Operation;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A GraphQL request: the operation that a client wants to execute.
 *
 * @param parameters the four of GraphQL over HTTP, each of its right type
 * @param parser the options for parsing the document, wherever its kind must be known
 */
public record GraphQlRequestBody(Map<String, Object> parameters, ParserOptions parser) {

    /** Of the operation's name, which is a key in several caches and meters. */
    static final int MAX_NAME_LENGTH = 128;

    /** Rejects parameters of a wrong type with a {@link RequestRejected} that names the first of them. */
    public GraphQlRequestBody {
        requireQuery(parameters.get("query"));
        requireNameOrNull(parameters.get("operationName"));
        requireObjectOrNull(parameters.get("variables"), "variables");
        requireObjectOrNull(parameters.get("extensions"), "extensions");
    }

    public boolean isEmpty() {
        return query().isBlank();
    }

    public boolean isMutation() {
        return kind().equals(Optional.of(Operation.MUTATION));
    }

    public boolean isSubscription() {
        return kind().equals(Optional.of(Operation.SUBSCRIPTION));
    }

    /**
     * The kind of the operation that would run; empty where the document does not determine it: then execution reports
     * why.
     */
    private Optional<Operation> kind() {
        List<OperationDefinition> candidates = definitions().stream()
                .filter(definition -> operationName() == null || operationName().equals(definition.getName()))
                .toList();
        return candidates.size() == 1 ? Optional.of(candidates.getFirst().getOperation()) : Optional.empty();
    }

    private List<OperationDefinition> definitions() {
        try {
            ParserEnvironment limited = ParserEnvironment.newParserEnvironment()
                    .document(query())
                    .parserOptions(parser)
                    .build();
            return Parser.parse(limited).getDefinitionsOfType(OperationDefinition.class);
        } catch (InvalidSyntaxException unreadable) {
            return List.of();
        }
    }

    /** Its estimated size in memory. */
    public long bytes() {
        return JsonBytes.of(parameters);
    }

    public String query() {
        return Objects.requireNonNull((String) parameters.get("query"));
    }

    public Map<String, Object> variables() {
        return parameters.get("variables") == null ? Map.of() : Json.object(parameters.get("variables"), "variables");
    }

    public Map<String, Object> extensions() {
        return parameters.get("extensions") == null
                ? Map.of()
                : Json.object(parameters.get("extensions"), "extensions");
    }

    @Nullable
    public String operationName() {
        return (String) parameters.get("operationName");
    }

    private static void requireQuery(@Nullable Object value) {
        if (!(value instanceof String)) {
            throw RequestRejected.badRequest("query must be a string");
        }
    }

    private static void requireNameOrNull(@Nullable Object value) {
        if (value != null && !(value instanceof String)) {
            throw RequestRejected.badRequest("operationName must be a string");
        }
        if (value instanceof String name && name.length() > MAX_NAME_LENGTH) {
            throw RequestRejected.badRequest(
                    "operationName must not be longer than " + MAX_NAME_LENGTH + " characters");
        }
    }

    private static void requireObjectOrNull(@Nullable Object value, String name) {
        if (value != null) {
            Json.object(value, name);
        }
    }
}
