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
 * A document's only operation, of one field, without fragments, directives and defaults, and with strings alone as
 * arguments and variables: what it asks for can be seen without executing it.
 *
 * @param field the operation's only one
 * @param given by argument
 * @param variables whether they must have a value, by name
 */
record SimpleOperation(Field field, Map<String, Value<?>> given, Map<String, Boolean> variables) {
    /** What is asked for isn't known here. Carries no stack trace. */
    static final class NotSimple extends Exception {
        private static final long serialVersionUID = 1;

        private NotSimple() {
            super(null, null, false, false);
        }
    }

    /** @param name the operation's, where the client said which one is meant */
    static SimpleOperation of(Document document, @Nullable String name, Operation kind, String field) throws NotSimple {
        require(document.getDefinitions().size() == 1);
        if (document.getDefinitions().getFirst() instanceof OperationDefinition only) {
            require(only.getOperation() == kind);
            require(only.getDirectives().isEmpty());
            require(name == null || name.equals(only.getName()));
            List<Field> roots = fields(only.getSelectionSet());
            require(roots.size() == 1 && roots.getFirst().getName().equals(field));
            return new SimpleOperation(roots.getFirst(), given(roots.getFirst()), variables(only));
        }
        throw new NotSimple();
    }

    private static Map<String, Value<?>> given(Field field) throws NotSimple {
        Map<String, Value<?>> given = new HashMap<>();
        for (Argument argument : field.getArguments()) {
            require(argument.getValue() instanceof StringValue
                    || argument.getValue() instanceof NullValue
                    || argument.getValue() instanceof VariableReference);
            given.put(argument.getName(), argument.getValue());
        }
        return given;
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

    /** The fields of a message that are chosen by a field. */
    static List<SelectedField> leaves(Field message) throws NotSimple {
        List<SelectedField> leaves = new ArrayList<>();
        for (Field field : fields(message.getSelectionSet())) {
            require(FieldSelection.isKnown(field.getName()));
            leaves.add(new SelectedField(field.getResultKey(), field.getName()));
        }
        return leaves;
    }

    /** Those of a selection of nothing but fields, each wanted once and in any case. */
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

    static void require(boolean known) throws NotSimple {
        if (!known) {
            throw new NotSimple();
        }
    }

    /** Whether each variable has a value that its type takes as it is. */
    boolean takes(Map<String, Object> values) {
        for (Map.Entry<String, Boolean> variable : variables.entrySet()) {
            Object value = values.get(variable.getKey());
            if (!(value instanceof String) && (value != null || variable.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** An argument's value, where the variables have these; null where it has none. */
    @Nullable
    String argument(String name, Map<String, Object> values) {
        return switch (given.get(name)) {
            case StringValue literal -> literal.getValue();
            case VariableReference variable -> (String) values.get(variable.getName());
            case null, default -> null;
        };
    }
}
