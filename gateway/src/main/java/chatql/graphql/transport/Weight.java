package chatql.graphql.transport;

import graphql.language.Definition;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much the operations of a document ask for. A fragment counts wherever it is spread and is looked at once, so that
 * the work is linear in the document however much it would unfold to.
 */
final class Weight {

    /** What a field at the top costs besides itself: it is the one that something has to be done for. */
    private static final int TOP = 9;

    /** Far beyond any limit, and its sums stay within a long. */
    private static final long PLENTY = 1L << 40;

    /** Of these, graphql-java takes no more than a tool in good faith asks for. */
    private static final Set<String> INTROSPECTION = Set.of("__schema", "__type");

    /**
     * Of a selection of fields.
     *
     * @param depth of their nesting
     * @param fields all of them, at any depth
     * @param top those at the selection's own level
     */
    private record Size(int depth, long fields, long top) {
        static final Size NONE = new Size(0, 0, 0);

        Size and(Size other) {
            return new Size(
                    Math.max(depth, other.depth),
                    Math.min(PLENTY, fields + other.fields),
                    Math.min(PLENTY, top + other.top));
        }

        Size below() {
            return new Size(depth + 1, fields + 1, 1);
        }
    }

    private final Map<String, FragmentDefinition> fragments = new HashMap<>();
    private final Map<String, Size> known = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final List<OperationDefinition> operations;

    /** @param operation the name of the one that is meant; null for all */
    Weight(Document document, @Nullable String operation) {
        for (Definition<?> definition : document.getDefinitions()) {
            if (definition instanceof FragmentDefinition fragment) {
                fragments.putIfAbsent(fragment.getName(), fragment);
            }
        }
        operations = document.getDefinitionsOfType(OperationDefinition.class).stream()
                .filter(candidate -> operation == null || operation.equals(candidate.getName()))
                .toList();
    }

    int depth() {
        return operations.stream().mapToInt(each -> of(each).depth()).max().orElse(0);
    }

    /** 1 for each field, aliases included, and more for each at the top; of the heaviest operation. */
    long complexity() {
        return operations.stream()
                .map(this::of)
                .mapToLong(size -> size.fields() + TOP * size.top())
                .max()
                .orElse(0);
    }

    private Size of(OperationDefinition operation) {
        return of(operation.getSelectionSet());
    }

    private Size of(@Nullable SelectionSet selections) {
        return selections == null
                ? Size.NONE
                : selections.getSelections().stream().map(this::of).reduce(Size.NONE, Size::and);
    }

    private Size of(Selection<?> selection) {
        return switch (selection) {
            case Field field when INTROSPECTION.contains(field.getName()) -> Size.NONE.below();
            case Field field -> of(field.getSelectionSet()).below();
            case InlineFragment inline -> of(inline.getSelectionSet());
            case FragmentSpread spread -> ofFragment(spread.getName());
            default -> Size.NONE;
        };
    }

    private Size ofFragment(String name) {
        Size size = known.get(name);
        FragmentDefinition fragment = fragments.get(name);
        if (size != null || fragment == null || !open.add(name)) {
            // One that is missing or that contains itself is refused by what comes after.
            return size == null ? Size.NONE : size;
        }
        Size found = of(fragment.getSelectionSet());
        open.remove(name);
        known.put(name, found);
        return found;
    }
}
