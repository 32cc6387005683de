package chatql.logging;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logger for events that a client can cause. It writes at most {@value #LINES} lines per minute, and the next line
 * has the number of suppressed ones. It shows at most {@value #MAX_LENGTH} characters of each argument, and only
 * printable ones, so that no client can forge a line.
 */
public final class RateLimitedLogger {
    /** Lines per minute: enough to notice and identify a problem, and too few to fill a disk. */
    static final int LINES = 5;

    /** Characters of an argument, which fits an origin, a host name or a reason. */
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
     * Writes the line, unless the limit is reached.
     *
     * @param line with {@code {}} for each argument
     */
    public void warn(String line, Object... arguments) {
        Turn turn = turn();
        if (turn.isAdmitted()) {
            log.warn(turn.counted(line), turn.counted(allPrintable(arguments)));
        }
    }

    /**
     * Writes the line, unless the limit is reached. The first line of a minute has the failure's stack trace, the
     * others its class and message.
     *
     * @param line with {@code {}} for each argument
     */
    public void error(String line, Throwable failure, Object... arguments) {
        Turn turn = turn();
        if (turn.isFirst()) {
            log.error(turn.counted(line), with(turn.counted(allPrintable(arguments)), failure));
        } else if (turn.isAdmitted()) {
            log.error(turn.counted(line + ": {}"), turn.counted(with(allPrintable(arguments), printable(failure))));
        }
    }

    /**
     * The decision about one line.
     *
     * @param number of the line in this minute, from 1 on
     * @param suppressed the number of lines suppressed since the last one
     */
    private record Turn(int number, long suppressed) {
        boolean isFirst() {
            return number == 1;
        }

        boolean isAdmitted() {
            return number <= LINES;
        }

        String counted(String line) {
            return suppressed == 0 ? line : line + " ({} similar lines suppressed before)";
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

    private static Object[] allPrintable(Object... arguments) {
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
