package chatql.graphql.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Documents that request too much or unknown things, by what is wrong with them. */
final class WrongDocuments {
    private final Map<String, String> all = new LinkedHashMap<>();

    private WrongDocuments() {}

    static Map<String, String> all() {
        var wrong = new WrongDocuments();
        wrong.deep();
        wrong.wide();
        wrong.unfolding();
        wrong.long_();
        wrong.senseless();
        return wrong.all;
    }

    private void deep() {
        all.put("11 fields deep", nested("{ messages ", 11, "}"));
        all.put("400 fields deep", nested("{a", 400, "}"));
        all.put("deep in an inline fragment", "{ ... { " + nested("messages { ", 11, "}") + "} }");
        all.put("deep in a mutation", "mutation " + nested("{ createUser ", 11, "}"));
        all.put("deep in a subscription", "subscription " + nested("{ messages ", 11, "}"));
        all.put("a list 400 deep", "{ userId(username: " + nested("[", 400, "]") + ") }");
        all.put("an object 200 deep", "{ userId(username: " + nested("{a:", 200, "1", "}") + ") }");
        all.put("a type 400 deep", "query($v: " + nested("[", 400, "Int", "]") + ") { hello }");
        all.put(
                "deep in introspection",
                "{ __schema { types { " + nested("fields { type { ", 8, "name", "} }") + "} } }");
        all.put("fragments in a row", "{ ...F0 } " + chain(12));
    }

    private void wide() {
        all.put("21 aliases", "{" + many(21, i -> " a" + i + ": hello") + " }");
        all.put("150 aliases", "{" + many(150, i -> " a" + i + ": hello") + " }");
        all.put("one field 250 times", "{" + many(250, i -> " hello") + " }");
        all.put("__typename 250 times", "{" + many(250, i -> " __typename") + " }");
        all.put(
                "21 mutations",
                "mutation {" + many(21, i -> " a" + i + ": createUser(username: \"eve" + i + "\") { success }") + " }");
        all.put("21 directives", "{ hello" + many(21, i -> " @skip(if: false)") + " }");
        all.put("300 directives", "{ hello" + many(300, i -> " @a") + " }");
        all.put(
                "21 directives at different places",
                "{" + many(7, i -> " ... @skip(if: false) @include(if: true) @skip(if: false) { hello }") + " }");
        all.put("30 schemas", "{" + many(30, i -> " s" + i + ": __schema { queryType { name } }") + " }");
        all.put(
                "two fields of a subscription",
                "subscription { a: messages(userId: \"1\") { id } b: messages(userId: \"1\") { id } }");
    }

    private void unfolding() {
        all.put(
                "a bomb of fragments",
                "{ ...F0 } "
                        + many(30, i -> "fragment F%d on Query { hello ...F%d ...F%d } ".formatted(i, i + 1, i + 1)));
        all.put(
                "a bomb of inline fragments",
                "{ " + nested("... { hello ... { ", 9, "hello", "} hello }") + many(12, i -> " ... { hello hello }")
                        + " }");
        all.put("a fragment in itself", "{ ...F } fragment F on Query { hello ...F }");
        all.put("fragments in each other", "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }");
        all.put("an undefined fragment", "{ ...F }");
        all.put("an unused fragment", "{ hello } fragment F on Query { hello }");
        all.put("two fragments of one name", "{ ...F } fragment F on Query { hello } fragment F on Query { hello }");
    }

    private void long_() {
        all.put("1,001 tokens", "{" + " hello".repeat(1_001) + "}");
        all.put("8,193 characters", "{ hello } #" + " ".repeat(8_192));
        all.put("8,193 commas", "{ hello " + ",".repeat(8_192) + "}");
        all.put("400 variables", "query(" + many(400, i -> "$v" + i + ":Int") + ") { hello }");
        all.put("120 operations", many(120, i -> "query Q" + i + " { hello } "));
        all.put("a long number", "{ messages(userId: \"1\", first: " + "9".repeat(4_000) + ") { success } }");
        all.put("a large exponent", "{ messages(userId: \"1\", first: 1e999999999) { success } }");
    }

    private void senseless() {
        all.put("only a comment", "#");
        all.put("no field", "{ }");
        all.put("an incomplete document", "{ hello");
        all.put("an unknown field", "{ secret }");
        all.put("an unknown argument", "{ hello(a: 1) }");
        all.put("a wrong type", "{ userId(username: 1) }");
        all.put("an unknown type", "query($v: Secret) { hello }");
        all.put("an unknown directive", "{ hello @secret }");
        all.put("a NUL", "{ hello \u0000 }");
        all.put("an unpaired surrogate", "{ userId(username: \"\\uD800\") { a } }");
        all.put("an unterminated string", "{ userId(username: \"");
        all.put("a definition of a type", "type Query { secret: String }");
        all.put("an extension of a type", "extend type Query { secret: String } { secret }");
        all.put("disabled introspection of the schema", "{ __schema { types { name } } }");
        all.put("disabled introspection of a type", "{ __type(name: \"Query\") { name } }");
        all.put("two anonymous operations", "{ hello } { hello }");
        all.put("SQL", "' OR 1=1; --");
    }

    private static String chain(int length) {
        return IntStream.range(0, length)
                .mapToObj(i -> "fragment F%d on Query { messages { ...F%d } } ".formatted(i, i + 1))
                .collect(Collectors.joining());
    }

    private static String many(int count, IntFunction<String> each) {
        return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining());
    }

    private static String nested(String begin, int depth, String end) {
        return nested(begin, depth, "", end);
    }

    private static String nested(String begin, int depth, String inmost, String end) {
        return begin.repeat(depth) + inmost + end.repeat(depth);
    }
}
