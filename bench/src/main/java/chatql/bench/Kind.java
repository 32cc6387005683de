package chatql.bench;

/** What is measured. */
enum Kind {
    FLOOR("floor"),
    STOCK("Spring GraphQL, stock"),
    EDGE("Chatql, edge"),
    BOTH("Chatql, edge and history");

    private final String title;

    Kind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** As part of the name of a file, a topic or a process. */
    String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
