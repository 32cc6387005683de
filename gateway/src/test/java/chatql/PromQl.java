package chatql;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Prometheus query, parsed as far as names of metrics and labels. */
record PromQl(String text) {
    private static final String WORDS = "and|or|unless|bool|offset|by|without|on|ignoring|group_left|group_right";
    private static final Pattern NAME =
            Pattern.compile("(?<![\\w$])(?!(?:" + WORDS + ")\\b)[a-zA-Z_:][\\w:]*\\b(?!\\s*\\()");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");

    Set<String> metrics() {
        String bare = withoutStrings()
                .replaceAll(SELECTOR.pattern(), " ")
                .replaceAll(GROUPING.pattern(), " ")
                .replaceAll("\\[[^]]*]", " ");
        return found(NAME, bare, 0).collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> labels() {
        Stream<String> grouped = found(GROUPING, withoutStrings(), 1)
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(String::trim);
        Stream<String> matched = found(SELECTOR, withoutStrings(), 1).flatMap(inside -> found(MATCHER, inside, 1));
        return Stream.concat(grouped, matched).collect(Collectors.toCollection(TreeSet::new));
    }

    private String withoutStrings() {
        return text.replaceAll("\"[^\"]*\"", "\"\"");
    }

    private static Stream<String> found(Pattern pattern, String text, int group) {
        return pattern.matcher(text).results().map(one -> one.group(group));
    }
}
