package chatql.setting;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Validates the settings below a prefix. Each check throws {@link InvalidConfigurationPropertyValueException}, which
 * stops the start. The texts are those of docs/settings.md.
 */
public record PropertyConstraints(String prefix) {
    /** The characters that Kafka allows in names; with a suffix, a name must still fit into Kafka's 249 characters. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{0,100}");

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration MAX_TIME = Duration.ofHours(24);

    public void number(String name, long value, long least, long most) {
        that(value >= least && value <= most, name, value, "a number from " + least + " to " + most);
    }

    /** Below 1 GB, so that an int can count the bytes. */
    public void size(String name, DataSize value) {
        that(value.toBytes() >= 1 && value.toGigabytes() < 1, name, value, "a size from 1B to less than 1GB");
    }

    public void duration(String name, Duration value) {
        that(isIn(value, SHORTEST), name, value, "a duration from 1ms to 24h");
    }

    public void durationOrNone(String name, Duration value) {
        that(isIn(value, Duration.ZERO), name, value, "a duration from 0s to 24h");
    }

    private static boolean isIn(Duration value, Duration least) {
        return value.compareTo(least) >= 0 && value.compareTo(MAX_TIME) <= 0;
    }

    /** A part of the names of topics and groups in Kafka. */
    public void kafkaName(String name, String value, int shortest) {
        that(
                value.length() >= shortest && NAME.matcher(value).matches(),
                name,
                value,
                shortest + " to 100 of A to Z, a to z, 0 to 9 and . _ -");
    }

    /** The general check; {@code allowed} completes the sentence "must be". */
    public void that(boolean holds, String name, @Nullable Object value, String allowed) {
        if (!holds) {
            throw new InvalidConfigurationPropertyValueException(prefix + "." + name, value, "must be " + allowed);
        }
    }
}
