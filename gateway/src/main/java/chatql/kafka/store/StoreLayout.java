package chatql.kafka.store;

/** The names of the state stores, and the version of their keys and values. */
public final class StoreLayout {
    /** Increases with every change of the stores' keys or values. Stores of another version are rebuilt from the log. */
    public static final int VERSION = 5;

    public static final String TIMELINE = "timeline";
    public static final String FIRSTS = "firsts";
    public static final String USERS = "users";

    private StoreLayout() {}
}
