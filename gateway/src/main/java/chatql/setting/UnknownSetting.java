package chatql.setting;

/** Somebody has set what is no setting of the gateway. */
final class UnknownSetting extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownSetting(String name, String nearest) {
        super(name + " is no setting of the gateway; the nearest is " + nearest);
    }
}
