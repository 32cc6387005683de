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
 * A simple {@code createMessage}: the sources of its arguments, and the selected fields of its result.
 *
 * @param selected in the order of the response
 */
record CompiledCreateMessage(SimpleOperation operation, List<ResultField> selected) {
    private static final Set<String> LEAVES = Set.of("success", "errors", "__typename");

    /** The arguments of one operation. */
    record Arguments(
            @Nullable String senderId,
            @Nullable String recipientId,
            @Nullable String content,
            @Nullable String clientMessageId) {}

    /** @param message the selected fields of the message; empty for any other field */
    private record ResultField(String key, String field, List<SelectedField> message) {}

    /** Compiles a document; empty where it is not exactly one simple {@code createMessage}. */
    static Optional<CompiledCreateMessage> of(Document document, @Nullable String name) {
        try {
            SimpleOperation operation = SimpleOperation.of(document, name, Operation.MUTATION, "createMessage");
            List<Field> fields = SimpleOperation.fields(operation.field().getSelectionSet());
            return Optional.of(new CompiledCreateMessage(operation, selected(fields)));
        } catch (NotSimple notSimple) {
            return Optional.empty();
        }
    }

    private static List<ResultField> selected(List<Field> fields) throws NotSimple {
        List<ResultField> selected = new ArrayList<>();
        for (Field field : fields) {
            boolean message = field.getName().equals("message");
            SimpleOperation.require(message || LEAVES.contains(field.getName()));
            selected.add(new ResultField(
                    field.getResultKey(), field.getName(), message ? SimpleOperation.leaves(field) : List.of()));
        }
        return selected;
    }

    /** The arguments of one operation; empty where a variable's value needs coercion or is invalid. */
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
        Map<String, @Nullable Object> fields = LinkedHashMap.newLinkedHashMap(selected.size());
        selected.forEach(each -> fields.put(each.key(), value(each, created)));
        return new ExecutionResultImpl(Map.of(key(), fields), null);
    }

    private static @Nullable Object value(ResultField selected, CreatedMessage created) {
        MessageView message = created.message();
        return switch (selected.field()) {
            case "message" -> message == null ? null : FieldSelection.fields(selected.message(), message);
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
