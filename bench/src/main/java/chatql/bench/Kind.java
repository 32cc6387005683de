package chatql.bench;

import java.util.Locale;

/** What is measured. */
enum Kind {
    FLOOR("floor"),
    STOCK("Spring GraphQL, stock"),
    EDGE("Chatql, edge"),
    BOTH("Chatql, edge and history"),
    /** Measured only where another jar is named. */
    OTHER("Chatql, edge, the other jar");

    private final String title;

    Kind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** As part of the name of a file, a topic or a process. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
