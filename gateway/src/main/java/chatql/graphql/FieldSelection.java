package chatql.graphql;

import chatql.graphql.transport.execution.SharedResult;
import graphql.normalized.ExecutableNormalizedField;
import graphql.normalized.ExecutableNormalizedOperation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message that a subscription selects, in order and by response key. Aliases, fragments and directives
 * are resolved.
 *
 * @param root the response key of the message itself
 */
public record FieldSelection(String root, List<SelectedField> leaves) {
    private static final Set<String> KNOWN =
            Set.of("id", "content", "senderId", "recipientId", "cursor", "sentAt", "__typename");

    /**
     * A selected field of a message.
     *
     * @param key the field's response key
     */
    public record SelectedField(String key, String field) {}

    public FieldSelection {
        leaves = List.copyOf(leaves);
    }

    /** Empty where the operation selects a field that is unknown here. */
    static Optional<FieldSelection> of(ExecutableNormalizedOperation operation) {
        List<ExecutableNormalizedField> top = operation.getTopLevelFields();
        return top.size() == 1 && top.getFirst().getFieldName().equals("messages")
                ? Optional.of(top.getFirst())
                        .filter(root -> root.getChildren().stream()
                                .map(ExecutableNormalizedField::getFieldName)
                                .allMatch(FieldSelection::isKnown))
                        .map(FieldSelection::of)
                : Optional.empty();
    }

    private static FieldSelection of(ExecutableNormalizedField root) {
        return new FieldSelection(
                root.getResultKey(),
                root.getChildren().stream()
                        .map(leaf -> new SelectedField(leaf.getResultKey(), leaf.getFieldName()))
                        .toList());
    }

    /** Whether {@code field} is a field of a message. */
    public static boolean isKnown(String field) {
        return KNOWN.contains(field);
    }

    /** Executes this selection on one message. */
    SharedResult of(MessageView message) {
        return new SharedResult(Map.of(root, fields(leaves, message)));
    }

    /** Returns the values of the selected fields by response key. */
    public static Map<String, @Nullable Object> fields(List<SelectedField> leaves, MessageView message) {
        Map<String, @Nullable Object> fields = LinkedHashMap.newLinkedHashMap(leaves.size());
        leaves.forEach(selectedField -> fields.put(selectedField.key(), value(selectedField.field(), message)));
        return fields;
    }

    private static String value(String field, MessageView message) {
        return switch (field) {
            case "id" -> message.getId();
            case "content" -> message.getContent();
            case "senderId" -> message.getSenderId();
            case "recipientId" -> message.getRecipientId();
            case "cursor" -> message.getCursor();
            case "sentAt" -> message.getSentAt();
            case "__typename" -> "Message";
            default -> throw new IllegalArgumentException(field);
        };
    }
}
