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
 * Which of a message's fields a subscription asks for, in which order and by which names: aliases, fragments and
 * directives are resolved.
 *
 * @param root by which name it wants the message itself
 */
public record FieldSelection(String root, List<SelectedField> leaves) {
    private static final Set<String> KNOWN =
            Set.of("id", "content", "senderId", "recipientId", "cursor", "sentAt", "__typename");

    /**
     * One of the fields.
     *
     * @param key by which name it is wanted
     */
    public record SelectedField(String key, String field) {}

    public FieldSelection {
        leaves = List.copyOf(leaves);
    }

    /** Empty where something is asked for that isn't known here. */
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

    /** Whether it is one of the fields of a message. */
    public static boolean isKnown(String field) {
        return KNOWN.contains(field);
    }

    /** The result of a subscription for one message. */
    SharedResult of(MessageView message) {
        return new SharedResult(Map.of(root, fields(leaves, message)));
    }

    /** What is told of one message. */
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
