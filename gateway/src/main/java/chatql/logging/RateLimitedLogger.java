package chatql.logging;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For what a client can cause: one line each, at most {@value #LINES} in a minute, and the next line says how many were
 * left out. Of each argument it shows {@value #LONGEST} characters, printable ones only, so that no client writes lines of
 * its own.
 */
public final class RateLimitedLogger {
    /** In a minute: enough to see that something happens and what, and too few to fill a disk. */
    static final int LINES = 5;

    /** Characters of an argument: an origin, a host name or a reason fits. */
    static final int LONGEST = 200;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final LongSupplier nanos;
    private long begin;
    private int written;
    private long suppressed;

    public RateLimitedLogger(Class<?> owner) {
        this(LoggerFactory.getLogger(owner), System::nanoTime);
    }

    RateLimitedLogger(Logger log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
    }

    /**
     * Writes the line, unless there were too many.
     *
     * @param line with {@code {}} for each argument
     */
    public void warn(String line, Object... arguments) {
        long before = admitted();
        if (before < 0) {
            return;
        }
        Object[] shown =
                Arrays.stream(arguments).map(RateLimitedLogger::printable).toArray();
        if (before == 0) {
            log.warn(line, shown);
        } else {
            Object[] counted = Arrays.copyOf(shown, shown.length + 1);
            counted[shown.length] = before;
            log.warn(line + " (and {} more of these before, not shown)", counted);
        }
    }

    /** How many lines were left out since the last one; -1 where this one is left out, too. */
    private synchronized long admitted() {
        long now = nanos.getAsLong();
        if (now - begin >= MINUTE) {
            begin = now;
            written = 0;
        }
        if (written == LINES) {
            suppressed++;
            return -1;
        }
        written++;
        long before = suppressed;
        suppressed = 0;
        return before;
    }

    private static String printable(Object argument) {
        String text = String.valueOf(argument);
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
