package chatql.graphql.fastpath;

import chatql.graphql.DataFetcherErrors;
import chatql.graphql.FieldSelection;
import chatql.graphql.FieldSelection.SelectedField;
import chatql.graphql.MessageView;
import chatql.graphql.Payloads.CreatedMessage;
import chatql.graphql.fastpath.SimpleOperation.NotSimple;
import graphql.ExecutionResult;
import graphql.ExecutionResultImpl;
import graphql.GraphqlErrorBuilder;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.OperationDefinition.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plain {@code createMessage}: where its arguments come from, and what is wanted of its result.
 *
 * @param wanted in the order in which it is told
 */
record CompiledCreateMessage(SimpleOperation operation, List<Wanted> wanted) {
    private static final Set<String> PLAIN = Set.of("success", "errors", "__typename");

    /** The arguments of one operation. */
    record Arguments(
            @Nullable String senderId,
            @Nullable String recipientId,
            @Nullable String content,
            @Nullable String clientMessageId) {}

    /** @param message what is wanted of the message; of another field nothing more is */
    private record Wanted(String key, String field, List<SelectedField> message) {}

    /** Empty where the document is anything else, or more. */
    static Optional<CompiledCreateMessage> of(Document document, @Nullable String name) {
        try {
            SimpleOperation operation = SimpleOperation.of(document, name, Operation.MUTATION, "createMessage");
            List<Field> fields = SimpleOperation.fields(operation.field().getSelectionSet());
            return Optional.of(new CompiledCreateMessage(operation, wanted(fields)));
        } catch (NotSimple other) {
            return Optional.empty();
        }
    }

    private static List<Wanted> wanted(List<Field> fields) throws NotSimple {
        List<Wanted> wanted = new ArrayList<>();
        for (Field field : fields) {
            boolean message = field.getName().equals("message");
            SimpleOperation.require(message || PLAIN.contains(field.getName()));
            wanted.add(new Wanted(
                    field.getResultKey(), field.getName(), message ? SimpleOperation.leaves(field) : List.of()));
        }
        return wanted;
    }

    /** Empty where a variable's value isn't one that its type takes as it is. */
    Optional<Arguments> arguments(Map<String, Object> values) {
        return operation.takes(values)
                ? Optional.of(new Arguments(
                        operation.argument("senderId", values),
                        operation.argument("recipientId", values),
                        operation.argument("content", values),
                        operation.argument("clientMessageId", values)))
                : Optional.empty();
    }

    ExecutionResult result(CreatedMessage created) {
        Map<String, @Nullable Object> fields = LinkedHashMap.newLinkedHashMap(wanted.size());
        wanted.forEach(each -> fields.put(each.key(), value(each, created)));
        return new ExecutionResultImpl(Map.of(key(), fields), null);
    }

    private static @Nullable Object value(Wanted wanted, CreatedMessage created) {
        MessageView message = created.message();
        return switch (wanted.field()) {
            case "message" -> message == null ? null : FieldSelection.fields(wanted.message(), message);
            case "success" -> created.success();
            case "errors" -> created.errors();
            default -> "createMessageResult";
        };
    }

    ExecutionResult failed(Throwable failure) {
        GraphqlErrorBuilder<?> error = GraphqlErrorBuilder.newError()
                .path(List.of(key()))
                .location(Objects.requireNonNull(operation.field().getSourceLocation()));
        return new ExecutionResultImpl(
                Collections.singletonMap(key(), null), List.of(DataFetcherErrors.error(error, failure)));
    }

    private String key() {
        return operation.field().getResultKey();
    }
}
