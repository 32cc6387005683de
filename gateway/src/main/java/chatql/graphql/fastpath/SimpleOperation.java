package chatql.graphql.fastpath;

import chatql.graphql.FieldSelection;
import chatql.graphql.FieldSelection.SelectedField;
import graphql.language.Argument;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.NonNullType;
import graphql.language.NullValue;
import graphql.language.OperationDefinition;
import graphql.language.OperationDefinition.Operation;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.StringValue;
import graphql.language.Type;
import graphql.language.TypeName;
import graphql.language.Value;
import graphql.language.VariableDefinition;
import graphql.language.VariableReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A document's only operation, with one field, without fragments, directives and default values, and with only strings
 * as arguments and variables: its arguments and its selection are known without executing it.
 *
 * @param field the operation's only field
 * @param arguments the arguments' values, by name
 * @param variables whether each variable must have a value, by name
 */
record SimpleOperation(Field field, Map<String, Value<?>> arguments, Map<String, Boolean> variables) {
    /** The operation is not simple. Carries no stack trace. */
    static final class NotSimple extends Exception {
        private static final long serialVersionUID = 1;

        private NotSimple() {
            super(null, null, false, false);
        }
    }

    /** @param name the name of the operation to execute, where the client sent one */
    static SimpleOperation of(Document document, @Nullable String name, Operation kind, String field) throws NotSimple {
        require(document.getDefinitions().size() == 1);
        if (document.getDefinitions().getFirst() instanceof OperationDefinition only) {
            require(only.getOperation() == kind);
            require(only.getDirectives().isEmpty());
            require(name == null || name.equals(only.getName()));
            List<Field> roots = fields(only.getSelectionSet());
            require(roots.size() == 1 && roots.getFirst().getName().equals(field));
            return new SimpleOperation(roots.getFirst(), arguments(roots.getFirst()), variables(only));
        }
        throw new NotSimple();
    }

    private static Map<String, Value<?>> arguments(Field field) throws NotSimple {
        Map<String, Value<?>> arguments = new HashMap<>();
        for (Argument argument : field.getArguments()) {
            require(argument.getValue() instanceof StringValue
                    || argument.getValue() instanceof NullValue
                    || argument.getValue() instanceof VariableReference);
            arguments.put(argument.getName(), argument.getValue());
        }
        return arguments;
    }

    private static Map<String, Boolean> variables(OperationDefinition operation) throws NotSimple {
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

    /** The message's fields that a field selects. */
    static List<SelectedField> leaves(Field message) throws NotSimple {
        List<SelectedField> leaves = new ArrayList<>();
        for (Field field : fields(message.getSelectionSet())) {
            require(FieldSelection.isKnown(field.getName()));
            leaves.add(new SelectedField(field.getResultKey(), field.getName()));
        }
        return leaves;
    }

    /** The fields of a selection that has only fields, each of them once and unconditionally. */
    static List<Field> fields(SelectionSet selections) throws NotSimple {
        List<Field> fields = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Selection<?> selection : selections.getSelections()) {
            if (!(selection instanceof Field field)) {
                throw new NotSimple();
            }
            require(field.getDirectives().isEmpty() && keys.add(field.getResultKey()));
            fields.add(field);
        }
        return fields;
    }

    static void require(boolean simple) throws NotSimple {
        if (!simple) {
            throw new NotSimple();
        }
    }

    /** Whether each variable has a value that its type accepts without coercion. */
    boolean takes(Map<String, Object> values) {
        for (Map.Entry<String, Boolean> variable : variables.entrySet()) {
            Object value = values.get(variable.getKey());
            if (!(value instanceof String) && (value != null || variable.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** An argument's value, with these values of the variables; null where it has none. */
    @Nullable
    String argument(String name, Map<String, Object> values) {
        return switch (arguments.get(name)) {
            case StringValue literal -> literal.getValue();
            case VariableReference variable -> (String) values.get(variable.getName());
            case null, default -> null;
        };
    }
}
