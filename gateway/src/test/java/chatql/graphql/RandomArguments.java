package chatql.graphql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** Arguments of one field, given in every way: as literals and as variables, with a value, with null, and not at all. */
public final class RandomArguments {
    private static final List<String> LEAVES =
            List.of("id", "content", "senderId", "recipientId", "cursor", "sentAt", "__typename");

    private final Random random;
    private final Map<String, Object> variables;
    private final List<String> declared = new ArrayList<>();
    private final List<String> given = new ArrayList<>();

    /** @param variables where it puts their values */
    public RandomArguments(Random random, Map<String, Object> variables) {
        this.random = random;
        this.variables = variables;
    }

    /** @param values of which the first is the usual one */
    public void add(String argument, List<String> values) {
        String value = values.get(random.nextInt(3) == 0 ? random.nextInt(values.size()) : 0);
        switch (random.nextInt(8)) {
            case 0 -> {}
            case 1 -> given.add(argument + ": null");
            // An unpaired surrogate is not valid in a document.
            case 2 ->
                given.add(argument + ": "
                        + (value.equals("\uD83D") ? "null" : JsonMapper.shared().writeValueAsString(value)));
            case 3 -> {
                declared.add("$" + argument + ": String");
                given.add(argument + ": $" + argument);
                if (random.nextBoolean()) {
                    variables.put(argument, null);
                }
            }
            default -> {
                declared.add("$" + argument + ": String" + (random.nextBoolean() ? "!" : ""));
                given.add(argument + ": $" + argument);
                variables.put(argument, value);
            }
        }
    }

    /** The document's only operation: with a name or without, its field by another name or not. */
    public String operation(String kind, String field, String selection) {
        Collections.shuffle(given, random);
        return kind + (random.nextBoolean() ? " Name" : "") + group(declared) + " { "
                + (random.nextBoolean() ? "" : "root: ") + field + group(given) + selection + " }";
    }

    private static String group(List<String> parts) {
        return parts.isEmpty() ? "" : "(" + String.join(", ", parts) + ")";
    }

    /** Of a message's fields, some, each by a name of its own. */
    public static String message(Random random, int most) {
        return IntStream.rangeClosed(0, random.nextInt(most))
                .mapToObj(i -> "f" + i + ": " + LEAVES.get(random.nextInt(LEAVES.size())))
                .collect(Collectors.joining(" ", " { ", " }"));
    }
}
