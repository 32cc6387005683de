package chatql.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class RateLimitedLoggerTest {
    private final Lines lines = new Lines();
    private final AtomicLong nanos = new AtomicLong();
    private final RateLimitedLogger log = new RateLimitedLogger(lines, nanos::get);

    @Test
    void floodWritesFiveLinesInAMinute() {
        for (int each = 0; each < 10_000; each++) {
            log.warn("refused {}", each);
        }

        assertThat(lines.written)
                .containsExactly(
                        "WARN refused 0", "WARN refused 1", "WARN refused 2", "WARN refused 3", "WARN refused 4");
    }

    @Test
    void firstLineOfNextMinuteCountsSuppressedLines() {
        for (int each = 0; each < 8; each++) {
            log.warn("refused");
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        log.warn("refused");
        log.warn("refused");

        assertThat(lines.written)
                .hasSize(7)
                .endsWith("WARN refused (3 similar lines suppressed before)", "WARN refused");
    }

    @Test
    void argumentIsCutAndItsControlCharactersAreReplaced() {
        log.warn("refused {}", "a\r\nERROR forged\u001b[31m\u2028" + "x".repeat(1_000));

        assertThat(lines.written.getFirst())
                .startsWith("WARN refused a??ERROR forged?[31m?x")
                .hasSize("WARN refused ".length() + 200 + "...".length());
    }

    @Test
    void repeatedFailureHasOneStackTraceInAMinute() {
        var failure = new IllegalStateException("an inner\nreason");
        for (int each = 0; each < 10_000; each++) {
            log.error("failed: {}", failure, each);
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        log.error("failed: {}", failure, "again");

        String line = ": java.lang.IllegalStateException: an inner?reason";
        assertThat(lines.written)
                .containsExactly(
                        "ERROR failed: 0",
                        "ERROR failed: 1" + line,
                        "ERROR failed: 2" + line,
                        "ERROR failed: 3" + line,
                        "ERROR failed: 4" + line,
                        "ERROR failed: again (9995 similar lines suppressed before)");
        assertThat(lines.traced).containsExactly("ERROR failed: 0", lines.written.getLast());
    }

    /** A logger that records its lines. */
    private static final class Lines extends AbstractLogger {
        private static final long serialVersionUID = 1;

        private final transient List<String> written = new ArrayList<>();
        private final transient List<String> traced = new ArrayList<>();

        @Override
        protected String getFullyQualifiedCallerName() {
            return Lines.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String line, Object[] arguments, Throwable failure) {
            written.add(level + " " + MessageFormatter.basicArrayFormat(line, arguments));
            if (failure != null) {
                traced.add(written.getLast());
            }
        }

        @Override
        public boolean isTraceEnabled() {
            return true;
        }

        @Override
        public boolean isTraceEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isDebugEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled(Marker marker) {
            return true;
        }
    }
}
