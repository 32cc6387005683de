package chatql.logging;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For what a client can cause: one line each, at most {@value #LINES} in a minute, and the next line says how many were
 * left out. Of each argument it shows {@value #MAX_LENGTH} characters, printable ones only, so that no client writes lines of
 * its own.
 */
public final class RateLimitedLogger {
    /** In a minute: enough to see that something happens and what, and too few to fill a disk. */
    static final int LINES = 5;

    /** Characters of an argument: an origin, a host name or a reason fits. */
    static final int MAX_LENGTH = 200;

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
        Turn turn = turn();
        if (turn.isAdmitted()) {
            log.warn(turn.counted(line), turn.counted(shown(arguments)));
        }
    }

    /**
     * Writes the line, unless there were too many: the first in a minute with the failure's stack trace, the others with its
     * class and message.
     *
     * @param line with {@code {}} for each argument
     */
    public void error(String line, Throwable failure, Object... arguments) {
        Turn turn = turn();
        if (turn.isFirst()) {
            log.error(turn.counted(line), with(turn.counted(shown(arguments)), failure));
        } else if (turn.isAdmitted()) {
            log.error(turn.counted(line + ": {}"), turn.counted(with(shown(arguments), printable(failure))));
        }
    }

    /**
     * Whether a line is written.
     *
     * @param number in this minute, from 1 on
     * @param suppressed how many lines were left out since the last one
     */
    private record Turn(int number, long suppressed) {
        boolean isFirst() {
            return number == 1;
        }

        boolean isAdmitted() {
            return number <= LINES;
        }

        String counted(String line) {
            return suppressed == 0 ? line : line + " (and {} more of these before, not shown)";
        }

        Object[] counted(Object... arguments) {
            return suppressed == 0 ? arguments : with(arguments, suppressed);
        }
    }

    private synchronized Turn turn() {
        long now = nanos.getAsLong();
        if (now - begin >= MINUTE) {
            begin = now;
            written = 0;
        }
        if (written == LINES) {
            suppressed++;
            return new Turn(LINES + 1, suppressed);
        }
        written++;
        long before = suppressed;
        suppressed = 0;
        return new Turn(written, before);
    }

    private static Object[] shown(Object... arguments) {
        return Arrays.stream(arguments).map(RateLimitedLogger::printable).toArray();
    }

    private static Object[] with(Object[] arguments, Object last) {
        Object[] all = Arrays.copyOf(arguments, arguments.length + 1, Object[].class);
        all[arguments.length] = last;
        return all;
    }

    private static String printable(Object argument) {
        String text = String.valueOf(argument);
        String cut = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
