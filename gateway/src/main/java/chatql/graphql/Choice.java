package chatql.graphql;

import chatql.graphql.transport.execution.Told;
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
record Choice(String root, List<Leaf> leaves) {
    private static final Set<String> KNOWN =
            Set.of("id", "content", "senderId", "recipientId", "cursor", "sentAt", "__typename");

    /** @param key by which name the field is wanted */
    record Leaf(String key, String field) {}

    Choice {
        leaves = List.copyOf(leaves);
    }

    /** Empty where something is asked for that isn't known here. */
    static Optional<Choice> of(ExecutableNormalizedOperation operation) {
        List<ExecutableNormalizedField> top = operation.getTopLevelFields();
        return top.size() == 1 && top.getFirst().getFieldName().equals("messages")
                ? Optional.of(top.getFirst())
                        .filter(root -> root.getChildren().stream()
                                .map(ExecutableNormalizedField::getFieldName)
                                .allMatch(Choice::isKnown))
                        .map(Choice::of)
                : Optional.empty();
    }

    private static Choice of(ExecutableNormalizedField root) {
        return new Choice(
                root.getResultKey(),
                root.getChildren().stream()
                        .map(leaf -> new Leaf(leaf.getResultKey(), leaf.getFieldName()))
                        .toList());
    }

    /** Of the fields of a message. */
    static boolean isKnown(String field) {
        return KNOWN.contains(field);
    }

    /** The result of a subscription for one message. */
    Told of(MessageView message) {
        return new Told(Map.of(root, fields(leaves, message)));
    }

    /** What is told of one message. */
    static Map<String, @Nullable Object> fields(List<Leaf> leaves, MessageView message) {
        Map<String, @Nullable Object> fields = LinkedHashMap.newLinkedHashMap(leaves.size());
        leaves.forEach(leaf -> fields.put(leaf.key(), value(leaf.field(), message)));
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
