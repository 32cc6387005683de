package chatql.graphql.transport.execution;

import graphql.language.Definition;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.Value;
import graphql.language.VariableDefinition;
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
final class DocumentComplexity {

    /**
     * What a field at the top costs besides itself, for which something has to be done, and what an alias costs below it:
     * without one, a field is in the answer once however often it is named.
     */
    private static final int TOP = 9;

    /** Of these, graphql-java takes no more than a tool in good faith asks for. */
    private static final Set<String> INTROSPECTION = Set.of("__schema", "__type");

    /**
     * Of a selection of fields.
     *
     * @param depth of their nesting
     * @param fields all of them, at any depth
     * @param top those at the selection's own level
     * @param aliased those at its own level that have an alias
     * @param copies those below it that have one
     * @param pages those at its own level that are pages, and how often each entry of one is asked for
     */
    private record Size(int depth, long fields, long top, long aliased, long copies, Map<PageDemand.Size, Long> pages) {
        static final Size NONE = new Size(0, 0, 0, 0, 0, Map.of());

        Size and(Size other) {
            return new Size(
                    Math.max(depth, other.depth),
                    PageDemand.plenty(fields + other.fields),
                    PageDemand.plenty(top + other.top),
                    PageDemand.plenty(aliased + other.aliased),
                    PageDemand.plenty(copies + other.copies),
                    both(pages, other.pages));
        }

        Size below(boolean alias) {
            return new Size(depth + 1, fields + 1, 1, alias ? 1 : 0, PageDemand.plenty(aliased + copies), Map.of());
        }

        /** An alias within a page repeats what it names for each entry. */
        Size page(PageDemand.Size page) {
            return new Size(depth, fields, top, aliased, copies, Map.of(page, 1 + copies));
        }

        private static Map<PageDemand.Size, Long> both(
                Map<PageDemand.Size, Long> some, Map<PageDemand.Size, Long> others) {
            if (some.isEmpty() || others.isEmpty()) {
                return some.isEmpty() ? others : some;
            }
            Map<PageDemand.Size, Long> all = new HashMap<>(some);
            others.forEach((page, times) -> all.merge(page, times, (a, b) -> PageDemand.plenty(a + b)));
            return all;
        }
    }

    private final Map<String, FragmentDefinition> fragments = new HashMap<>();
    private final Map<String, Size> known = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final List<OperationDefinition> operations;
    private final PageSizes pageSizes;

    /** @param operation the name of the one that is meant; null for all */
    DocumentComplexity(Document document, @Nullable String operation, PageSizes pageSizes) {
        this.pageSizes = pageSizes;
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

    /** 1 for each field, and more for each at the top and each alias below it; of the heaviest operation. */
    long complexity() {
        return operations.stream()
                .map(this::of)
                .mapToLong(size -> size.fields() + TOP * (size.top() + size.copies()))
                .max()
                .orElse(0);
    }

    /** The entries of the pages that a query asks for; of the first of several, of which none is executed. */
    PageDemand pages() {
        return operations.stream()
                .filter(operation -> operation.getOperation() == OperationDefinition.Operation.QUERY)
                .findFirst()
                .map(operation -> new PageDemand(of(operation).pages(), defaults(operation)))
                .orElse(PageDemand.NONE);
    }

    private static Map<String, Value<?>> defaults(OperationDefinition operation) {
        Map<String, Value<?>> defaults = new HashMap<>();
        for (VariableDefinition variable : operation.getVariableDefinitions()) {
            if (variable.getDefaultValue() != null) {
                defaults.put(variable.getName(), variable.getDefaultValue());
            }
        }
        return defaults;
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
            case Field field when INTROSPECTION.contains(field.getName()) -> Size.NONE.below(false);
            case Field field -> of(field);
            case InlineFragment inline -> of(inline.getSelectionSet());
            case FragmentSpread spread -> ofFragment(spread.getName());
            default -> Size.NONE;
        };
    }

    private Size of(Field field) {
        Size size = of(field.getSelectionSet()).below(field.getAlias() != null);
        Integer usual = pageSizes.usual().get(field.getName());
        return usual == null ? size : size.page(PageDemand.Size.of(field, usual, pageSizes.most()));
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
