package chatql.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(List<String> head) {
        row(head);
        row(head.stream().map(column -> "---").toList());
    }

    public Table row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        rows.forEach(
                cells -> text.append("| ").append(String.join(" | ", cells)).append(" |\n"));
        return text.toString();
    }
}
