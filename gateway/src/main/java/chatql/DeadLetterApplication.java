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

/** The gateway's jar as a command: {@code java -jar gateway.jar dlt}. It has the gateway's settings, and no server. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({SslAutoConfiguration.class, KafkaAutoConfiguration.class})
@Import(DeadLetterConfiguration.class)
final class DeadLetterApplication {
    static final String NAME = "dlt";

    /** Those with a dot in their name are the settings'; the command has none. */
    private static final Predicate<String> SETTING =
            Pattern.compile("--[\\w-]+\\.[^=]*=.*", Pattern.DOTALL).asMatchPredicate();

    private DeadLetterApplication() {}

    /** Runs it to its end; with which code the process is to end. */
    static int run(List<String> arguments) {
        PrintStream answers = System.out;
        // The answers may be for another program; what is logged is not.
        System.setOut(System.err);
        var contexts = new ArrayList<ConfigurableApplicationContext>(1);
        try {
            return DeadLetterCommand.run(
                    () -> letters(arguments, contexts),
                    System.in,
                    answers,
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
                    // Says in many words what is said at the end, in one sentence.
                    .properties("logging.level.org.springframework.context.annotation=error")
                    .run(arguments.stream().filter(SETTING).toArray(String[]::new)));
        } catch (RuntimeException failure) {
            Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
            throw new IllegalStateException(cause.getMessage(), failure);
        }
        return contexts.getFirst().getBean(DeadLetters.class);
    }
}
