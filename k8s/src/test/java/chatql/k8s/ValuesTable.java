package chatql.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * values.yaml as a table: a row for each value, with its default and the comment directly above it. A value that the
 * schema leaves to Kubernetes, such as a probe, is one row; a value with properties is a section, whose row has only
 * its comment.
 */
record ValuesTable(String text, JsonNode values, JsonNode schema) {
    private static final Pattern LINE = Pattern.compile("( *)(?:# ?(.*)|([A-Za-z]\\w*):.*)");

    private record Key(int indent, String name) {}

    String markdown() {
        Map<String, String> comments = comments();
        var rows = new ArrayList<String>(List.of("| value | default | |", "|---|---|---|"));
        comments.forEach((path, comment) -> {
            String pointer = "/" + path.replace('.', '/');
            JsonNode described = schema.at(pointer.replace("/", "/properties/"));
            if (described.has("properties") && described.path("type").isTextual()) {
                if (!comment.isEmpty()) {
                    rows.add("| **`%s`** | | %s |".formatted(path, cell(comment)));
                }
            } else if (!described.isMissingNode()) {
                rows.add("| `%s` | `%s` | %s |"
                        .formatted(path, cell(values.at(pointer).toString()), cell(comment)));
            }
        });
        return rows.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    /** The comments by path, in the order of the file. */
    private Map<String, String> comments() {
        Map<String, String> comments = new LinkedHashMap<>();
        Deque<Key> above = new ArrayDeque<>();
        List<String> comment = new ArrayList<>();
        text.lines().map(LINE::matcher).forEach(line -> {
            if (!line.matches()) {
                comment.clear();
            } else if (line.group(2) != null) {
                comment.add(line.group(2));
            } else {
                comments.put(path(above, line), String.join(" ", comment));
                comment.clear();
            }
        });
        return comments;
    }

    private static String path(Deque<Key> above, Matcher line) {
        int indent = line.group(1).length();
        while (!above.isEmpty() && above.getLast().indent() >= indent) {
            above.removeLast();
        }
        above.addLast(new Key(indent, line.group(3)));
        return above.stream().map(Key::name).collect(Collectors.joining("."));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
