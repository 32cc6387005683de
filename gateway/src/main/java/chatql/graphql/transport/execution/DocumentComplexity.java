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
 * Computes the depth, the complexity and the pages of a document's operations. A fragment counts wherever it is spread
 * but is analyzed once, so that the work is linear in the document, whatever size it would expand to.
 */
final class DocumentComplexity {

    /**
     * The additional cost of a field at the top, which has to be fetched, and of an alias below the top: without an
     * alias, a field is in the response once, however often the document names it.
     */
    private static final int TOP = 9;

    /** graphql-java limits these fields itself, to no more than what a well-behaved tool requests. */
    private static final Set<String> INTROSPECTION = Set.of("__schema", "__type");

    /**
     * The size of a selection of fields.
     *
     * @param depth the nesting depth of the fields
     * @param fields the number of all fields, at any depth
     * @param top the number of fields at the selection's own level
     * @param aliased the number of fields at its own level that have an alias
     * @param copies the number of fields below its own level that have an alias
     * @param pages the fields at its own level that are pages, and how often each entry of a page is requested
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
                    merged(pages, other.pages));
        }

        Size below(boolean alias) {
            return new Size(depth + 1, fields + 1, 1, alias ? 1 : 0, PageDemand.plenty(aliased + copies), Map.of());
        }

        /** An alias within a page repeats its field for each entry. */
        Size page(PageDemand.Size page) {
            return new Size(depth, fields, top, aliased, copies, Map.of(page, 1 + copies));
        }

        private static Map<PageDemand.Size, Long> merged(
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
    private final Map<String, Size> sizes = new HashMap<>();
    private final Set<String> visiting = new HashSet<>();
    private final List<OperationDefinition> operations;
    private final PageSizes pageSizes;

    /** @param operation the name of the operation to execute; null for all operations */
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

    /**
     * The complexity of the most complex operation: 1 for each field, and {@code TOP} more for each field at the top
     * and each alias below it.
     */
    long complexity() {
        return operations.stream()
                .map(this::of)
                .mapToLong(size -> size.fields() + TOP * (size.top() + size.copies()))
                .max()
                .orElse(0);
    }

    /**
     * The page entries that a query requests. Of several queries, the first counts, because none of them is executed.
     */
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
        Size size = sizes.get(name);
        FragmentDefinition fragment = fragments.get(name);
        if (size != null || fragment == null || !visiting.add(name)) {
            // Validation, which follows, rejects a fragment that is missing or contains itself.
            return size == null ? Size.NONE : size;
        }
        Size computed = of(fragment.getSelectionSet());
        visiting.remove(name);
        sizes.put(name, computed);
        return computed;
    }
}
