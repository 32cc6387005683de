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

/** Lists, shows and replays dead letters; prints one JSON object per line. */
@Command(
        name = "dlt",
        description = {
            "Lists, shows and replays dead letters. Prints one JSON object for each, on a line of its own.",
            "It connects to Kafka as the gateway does: by KAFKA_BOOTSTRAP_SERVERS, by any other Kafka setting in the environment"
                    + " or in application.yaml, or by arguments such as --spring.kafka.bootstrap-servers=host:port."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:everything succeeded",
            "1:Kafka is unreachable or failed",
            "2:the arguments are invalid",
            "3:no dead letter has this id",
            "4:a letter is still not a valid message and was not replayed"
        })
public final class DeadLetterCommand {
    private static final int FAILED = 1;
    private static final int UNKNOWN = 3;
    private static final int REJECTED = 4;

    private final Supplier<DeadLetters> letters;

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it.
    private boolean help;

    private final InputStream in;
    private final PrintStream out;

    private DeadLetterCommand(Supplier<DeadLetters> letters, InputStream in, PrintStream out) {
        this.letters = letters;
        this.in = in;
        this.out = out;
    }

    /**
     * Runs the command.
     *
     * @param letters called only once the arguments are known to be valid
     * @return the exit code of the process
     */
    public static int run(
            Supplier<DeadLetters> letters,
            InputStream in,
            PrintStream out,
            PrintStream errorOutput,
            String... arguments) {
        var errors = new PrintWriter(errorOutput, true, StandardCharsets.UTF_8);
        return new CommandLine(new DeadLetterCommand(letters, in, out))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(errors)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    errors.println(failure.getMessage());
                    return FAILED;
                })
                .execute(arguments);
    }

    @Command(description = "Lists the letters that were not replayed yet, oldest first.")
    int list(
            @Option(names = "--all", description = "Includes the replayed ones.") boolean all,
            @Option(
                            names = "--reason",
                            paramLabel = "TEXT",
                            description = "Only those whose reason contains this text.")
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

    @Command(description = "Shows one letter completely: key, value and headers.")
    int show(@Parameters(paramLabel = "ID", description = "As the list shows it.") String id) {
        Optional<DeadLetter> letter = letters.get().find(id);
        out.println(letter.map(DeadLetterJson::whole).orElseGet(() -> DeadLetterJson.unknown(id)));
        return letter.isPresent() ? CommandLine.ExitCode.OK : UNKNOWN;
    }

    @Command(
            description = {
                "Sends letters to the topic of messages, with the key and to the partition of their recipient.",
                "Each is replayed once: a second replay reports that and does nothing. An interrupted replay can be repeated: its"
                        + " message is delivered once."
            })
    int replay(
            @Option(
                            names = "--value",
                            paramLabel = "FILE",
                            description = "The corrected value, in place of the letter's own; - for standard input."
                                    + " With one ID only.")
                    @Nullable
                    Path value,
            @Parameters(arity = "1..*", paramLabel = "ID", description = "As the list shows it.") List<String> ids)
            throws IOException {
        if (value != null && ids.size() > 1) {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(command)
                            .commandLine()
                            .getSubcommands()
                            .get("replay"),
                    "--value corrects one letter only");
        }
        byte @Nullable [] corrected = value == null ? null : read(value);
        DeadLetters all = letters.get();
        return ids.stream().mapToInt(id -> replay(all, id, corrected)).max().orElse(CommandLine.ExitCode.OK);
    }

    private byte[] read(Path value) throws IOException {
        return value.toString().equals("-") ? in.readAllBytes() : Files.readAllBytes(value);
    }

    private int replay(DeadLetters all, String id, byte @Nullable [] corrected) {
        Optional<DeadLetter> letter = all.find(id);
        if (letter.isEmpty()) {
            out.println(DeadLetterJson.unknown(id));
            return UNKNOWN;
        }
        Outcome outcome = all.replay(letter.get(), corrected);
        out.println(DeadLetterJson.outcome(id, outcome));
        return switch (outcome) {
            case Outcome.Replayed replayed -> CommandLine.ExitCode.OK;
            case Outcome.AlreadyReplayed alreadyReplayed -> CommandLine.ExitCode.OK;
            case Outcome.Refused refused -> REJECTED;
        };
    }
}
