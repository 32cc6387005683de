package chatql;

import chatql.admin.DeadLetterCommand;
import chatql.kafka.deadletter.DeadLetterConfiguration;
import chatql.message.DeadLetters;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;

/**
 * Runs the gateway's jar as the command {@code java -jar gateway.jar dlt}: with the gateway's settings and without a
 * server.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({SslAutoConfiguration.class, KafkaAutoConfiguration.class})
@Import(DeadLetterConfiguration.class)
final class DeadLetterApplication {
    static final String NAME = "dlt";

    /** Matches settings: their names have a dot, the command's own options have none. */
    private static final Predicate<String> SETTING =
            Pattern.compile("--[\\w-]+\\.[^=]*=.*", Pattern.DOTALL).asMatchPredicate();

    private DeadLetterApplication() {}

    /** Runs the command to its end and returns the exit code of the process. */
    static int run(List<String> arguments) {
        PrintStream output = System.out;
        // Another program may read the command's output, so log lines go to standard error.
        System.setOut(System.err);
        var contexts = new ArrayList<ConfigurableApplicationContext>(1);
        try {
            return DeadLetterCommand.run(
                    () -> letters(arguments, contexts),
                    System.in,
                    output,
                    System.err,
                    arguments.stream().filter(SETTING.negate()).toArray(String[]::new));
        } finally {
            contexts.forEach(ConfigurableApplicationContext::close);
        }
    }

    private static DeadLetters letters(List<String> arguments, List<ConfigurableApplicationContext> contexts) {
        try {
            contexts.add(new SpringApplicationBuilder(DeadLetterApplication.class)
                    .web(WebApplicationType.NONE)
                    // Spring logs the same failure at length; the command prints it at the end, in one sentence.
                    .properties("logging.level.org.springframework.context.annotation=error")
                    .run(arguments.stream().filter(SETTING).toArray(String[]::new)));
        } catch (RuntimeException failure) {
            Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
            throw new IllegalStateException(cause.getMessage(), failure);
        }
        return contexts.getFirst().getBean(DeadLetters.class);
    }
}
