package chatql.setting;

/** A configured property below {@code chatql} that is not a setting of the gateway. */
final class UnknownSetting extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownSetting(String name, String nearest) {
        super(name + " is not a setting of the gateway; the nearest is " + nearest);
    }
}
