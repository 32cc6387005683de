package chatql.admin;

import chatql.message.DeadLetter;
import chatql.message.DeadLetters;
import chatql.message.DeadLetters.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Looks at the dead letters and puts them back: one JSON object for each, on a line of its own. */
@Command(
        name = "dlt",
        description = {
            "Looks at the dead letters, and puts mended ones back. Says one JSON object for each, on a line of its own.",
            "It finds Kafka as the gateway does: by KAFKA_BOOTSTRAP_SERVERS, by any other setting of it in the environment or"
                    + " in application.yaml, or by arguments such as --spring.kafka.bootstrap-servers=host:port."
        },
        exitCodeListHeading = "Ends with:%n",
        exitCodeList = {
            "0:all was done",
            "1:Kafka can't be reached, or failed",
            "2:it was called in a wrong way",
            "3:there is no such letter",
            "4:a letter is still no message, and was not put back"
        })
public final class DeadLetterCommand {
    private static final int FAILED = 1;
    private static final int UNKNOWN = 3;
    private static final int REFUSED = 4;

    private final Supplier<DeadLetters> letters;

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    private final InputStream in;
    private final PrintStream out;

    private DeadLetterCommand(Supplier<DeadLetters> letters, InputStream in, PrintStream out) {
        this.letters = letters;
        this.in = in;
        this.out = out;
    }

    /**
     * Runs it.
     *
     * @param letters asked for when it is clear that they are needed
     * @return with which code the process is to end
     */
    public static int run(
            Supplier<DeadLetters> letters,
            InputStream in,
            PrintStream out,
            PrintStream complaints,
            String... arguments) {
        var errors = new PrintWriter(complaints, true, StandardCharsets.UTF_8);
        return new CommandLine(new DeadLetterCommand(letters, in, out))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(errors)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    errors.println(failure.getMessage());
                    return FAILED;
                })
                .execute(arguments);
    }

    @Command(description = "Lists the letters that were not put back yet, oldest first.")
    int list(
            @Option(names = "--all", description = "Those that were put back, too.") boolean all,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Only those whose reason has this in it.")
                    @Nullable
                    String reason) {
        letters.get().each(letter -> {
            if ((all || !letter.replayed())
                    && (reason == null || letter.reason().contains(reason))) {
                out.println(DeadLetterJson.line(letter));
            }
        });
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Shows one letter whole: key, value and headers.")
    int show(@Parameters(paramLabel = "ID", description = "As the list has it.") String id) {
        Optional<DeadLetter> letter = letters.get().find(id);
        out.println(letter.map(DeadLetterJson::whole).orElseGet(() -> DeadLetterJson.unknown(id)));
        return letter.isPresent() ? CommandLine.ExitCode.OK : UNKNOWN;
    }

    @Command(
            description = {
                "Puts letters into the topic of messages, under the key and in the partition of their recipient.",
                "Each is put back once: again, it says so and does nothing. One that was cut off half-way is shown once, too."
            })
    int replay(
            @Option(
                            names = "--value",
                            paramLabel = "FILE",
                            description = "The mended value, in place of the letter's own; - for the standard input."
                                    + " With one ID only.")
                    @Nullable
                    Path value,
            @Parameters(arity = "1..*", paramLabel = "ID", description = "As the list has it.") List<String> ids)
            throws IOException {
        if (value != null && ids.size() > 1) {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(command)
                            .commandLine()
                            .getSubcommands()
                            .get("replay"),
                    "--value mends one letter only");
        }
        byte @Nullable [] mended = value == null ? null : read(value);
        DeadLetters all = letters.get();
        return ids.stream().mapToInt(id -> replay(all, id, mended)).max().orElse(CommandLine.ExitCode.OK);
    }

    private byte[] read(Path value) throws IOException {
        return value.toString().equals("-") ? in.readAllBytes() : Files.readAllBytes(value);
    }

    private int replay(DeadLetters all, String id, byte @Nullable [] mended) {
        Optional<DeadLetter> letter = all.find(id);
        if (letter.isEmpty()) {
            out.println(DeadLetterJson.unknown(id));
            return UNKNOWN;
        }
        Outcome outcome = all.replay(letter.get(), mended);
        out.println(DeadLetterJson.outcome(id, outcome));
        return switch (outcome) {
            case Outcome.Replayed replayed -> CommandLine.ExitCode.OK;
            case Outcome.AlreadyReplayed alreadyReplayed -> CommandLine.ExitCode.OK;
            case Outcome.Refused refused -> REFUSED;
        };
    }
}
