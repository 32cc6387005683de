package chatql.graphql;

import chatql.graphql.Choice.Leaf;
import chatql.graphql.Results.CreatedMessage;
import graphql.ExecutionResult;
import graphql.ExecutionResultImpl;
import graphql.GraphqlErrorBuilder;
import graphql.language.Argument;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.NonNullType;
import graphql.language.NullValue;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.StringValue;
import graphql.language.Type;
import graphql.language.TypeName;
import graphql.language.Value;
import graphql.language.VariableDefinition;
import graphql.language.VariableReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A document whose only operation is one {@code createMessage}, without fragments, directives and defaults: where its
 * arguments come from, and what is wanted of its result.
 *
 * @param field the operation's only one
 * @param given by argument
 * @param variables whether they must have a value, by name; each is a string
 * @param wanted in the order in which it is told
 */
record CreateMessagePlan(
        Field field, Map<String, Value<?>> given, Map<String, Boolean> variables, List<Wanted> wanted) {
    private static final Set<String> PLAIN = Set.of("success", "errors", "__typename");

    /** The arguments of one operation. */
    record Arguments(
            @Nullable String senderId,
            @Nullable String recipientId,
            @Nullable String content,
            @Nullable String clientMessageId) {}

    /** @param message what is wanted of the message; of another field nothing more is */
    private record Wanted(String key, String field, List<Leaf> message) {}

    /** What is asked for isn't known here. Carries no stack trace. */
    private static final class Unknown extends Exception {
        private static final long serialVersionUID = 1;

        Unknown() {
            super(null, null, false, false);
        }
    }

    /** Empty where the document is anything else, or more. */
    static Optional<CreateMessagePlan> of(Document document, @Nullable String operation) {
        try {
            return Optional.of(plan(only(document, operation)));
        } catch (Unknown other) {
            return Optional.empty();
        }
    }

    private static OperationDefinition only(Document document, @Nullable String operation) throws Unknown {
        require(document.getDefinitions().size() == 1);
        if (document.getDefinitions().getFirst() instanceof OperationDefinition only) {
            require(only.getOperation() == OperationDefinition.Operation.MUTATION);
            require(only.getDirectives().isEmpty());
            require(operation == null || operation.equals(only.getName()));
            return only;
        }
        throw new Unknown();
    }

    private static CreateMessagePlan plan(OperationDefinition operation) throws Unknown {
        List<Field> roots = fields(operation.getSelectionSet());
        require(roots.size() == 1 && roots.getFirst().getName().equals("createMessage"));
        return new CreateMessagePlan(
                roots.getFirst(),
                given(roots.getFirst()),
                variables(operation),
                wanted(fields(roots.getFirst().getSelectionSet())));
    }

    private static Map<String, Value<?>> given(Field field) throws Unknown {
        Map<String, Value<?>> given = new HashMap<>();
        for (Argument argument : field.getArguments()) {
            require(argument.getValue() instanceof StringValue
                    || argument.getValue() instanceof NullValue
                    || argument.getValue() instanceof VariableReference);
            given.put(argument.getName(), argument.getValue());
        }
        return given;
    }

    private static Map<String, Boolean> variables(OperationDefinition operation) throws Unknown {
        Map<String, Boolean> variables = new HashMap<>();
        for (VariableDefinition variable : operation.getVariableDefinitions()) {
            require(variable.getDefaultValue() == null
                    && variable.getDirectives().isEmpty());
            Type<?> type = variable.getType();
            Type<?> inner = type instanceof NonNullType nonNull ? nonNull.getType() : type;
            require(inner instanceof TypeName name && name.getName().equals("String"));
            variables.put(variable.getName(), type instanceof NonNullType);
        }
        return variables;
    }

    private static List<Wanted> wanted(List<Field> fields) throws Unknown {
        List<Wanted> wanted = new ArrayList<>();
        for (Field field : fields) {
            boolean message = field.getName().equals("message");
            require(message || PLAIN.contains(field.getName()));
            wanted.add(new Wanted(field.getResultKey(), field.getName(), message ? leaves(field) : List.of()));
        }
        return wanted;
    }

    private static List<Leaf> leaves(Field message) throws Unknown {
        List<Leaf> leaves = new ArrayList<>();
        for (Field field : fields(message.getSelectionSet())) {
            require(Choice.isKnown(field.getName()));
            leaves.add(new Leaf(field.getResultKey(), field.getName()));
        }
        return leaves;
    }

    /** Those of a selection of nothing but fields, each wanted once and in any case. */
    private static List<Field> fields(SelectionSet selections) throws Unknown {
        List<Field> fields = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Selection<?> selection : selections.getSelections()) {
            if (!(selection instanceof Field field)) {
                throw new Unknown();
            }
            require(field.getDirectives().isEmpty() && keys.add(field.getResultKey()));
            fields.add(field);
        }
        return fields;
    }

    private static void require(boolean known) throws Unknown {
        if (!known) {
            throw new Unknown();
        }
    }

    /** Empty where a variable's value isn't one that its type takes as it is. */
    Optional<Arguments> arguments(Map<String, Object> values) {
        for (Map.Entry<String, Boolean> variable : variables.entrySet()) {
            Object value = values.get(variable.getKey());
            if (!(value instanceof String) && (value != null || variable.getValue())) {
                return Optional.empty();
            }
        }
        return Optional.of(new Arguments(
                argument("senderId", values),
                argument("recipientId", values),
                argument("content", values),
                argument("clientMessageId", values)));
    }

    private @Nullable String argument(String name, Map<String, Object> values) {
        return switch (given.get(name)) {
            case StringValue literal -> literal.getValue();
            case VariableReference variable -> (String) values.get(variable.getName());
            case null, default -> null;
        };
    }

    ExecutionResult result(CreatedMessage created) {
        Map<String, @Nullable Object> fields = LinkedHashMap.newLinkedHashMap(wanted.size());
        wanted.forEach(each -> fields.put(each.key(), value(each, created)));
        return new ExecutionResultImpl(Map.of(field.getResultKey(), fields), null);
    }

    private static @Nullable Object value(Wanted wanted, CreatedMessage created) {
        MessageView message = created.message();
        return switch (wanted.field()) {
            case "message" -> message == null ? null : Choice.fields(wanted.message(), message);
            case "success" -> created.success();
            case "errors" -> created.errors();
            default -> "createMessageResult";
        };
    }

    ExecutionResult failed(Throwable failure) {
        GraphqlErrorBuilder<?> error = GraphqlErrorBuilder.newError()
                .path(List.of(field.getResultKey()))
                .location(Objects.requireNonNull(field.getSourceLocation()));
        return new ExecutionResultImpl(
                Collections.singletonMap(field.getResultKey(), null), List.of(Failures.error(error, failure)));
    }
}
