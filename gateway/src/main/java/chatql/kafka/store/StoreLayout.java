package chatql.kafka.store;

/** The names of the state stores, and the version of their keys and values. */
public final class StoreLayout {
    /** Changes with what the stores and their keys look like: stores of another layout are built anew from the log. */
    public static final int VERSION = 5;

    public static final String TIMELINE = "timeline";
    public static final String FIRSTS = "firsts";
    public static final String USERS = "users";

    private StoreLayout() {}
}
