package chatql.kafka;

/** The names of the state stores, and the version of their keys and values. */
final class StoreLayout {
    /** Changes with what the stores and their keys look like: stores of another layout are built anew from the log. */
    static final int VERSION = 5;

    static final String TIMELINE = "timeline";
    static final String FIRSTS = "firsts";
    static final String USERS = "users";

    private StoreLayout() {}
}
