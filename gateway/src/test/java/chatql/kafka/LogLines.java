package chatql.kafka;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Captures the log lines from WARN on of the pods in this JVM and of their Kafka clients. It ignores those of the
 * embedded broker in the same JVM.
 */
final class LogLines implements AutoCloseable {
    private static final List<String> OURS =
            List.of("chatql.", "reactor.", "org.apache.kafka.clients.", "org.apache.kafka.streams.");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)
                    && OURS.stream().anyMatch(event.getLoggerName()::startsWith)) {
                lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage());
            }
        }
    };

    LogLines() {
        // The level of application.yaml; the tests' own configuration is quieter.
        ((Logger) LoggerFactory.getLogger("org.apache.kafka.streams")).setLevel(Level.WARN);
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
    }

    int count() {
        return lines.size();
    }

    Stream<String> with(String text) {
        return lines.stream().filter(line -> line.contains(text));
    }

    /** The lines after the first ones. */
    List<String> after(int count) {
        return lines.stream().skip(count).toList();
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        appender.stop();
        ((Logger) LoggerFactory.getLogger("org.apache.kafka.streams")).setLevel(Level.ERROR);
    }
}
