package chatql.bench;

import java.util.Locale;

/** The kinds of servers that are measured. */
enum Kind {
    FLOOR("floor"),
    STOCK("Spring GraphQL, stock"),
    EDGE("Chatql, edge"),
    BOTH("Chatql, edge and history"),
    /** Measured only where another jar is given. */
    OTHER("Chatql, edge, the other jar");

    private final String title;

    Kind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** The kind as part of the name of a file, a topic or a process. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
