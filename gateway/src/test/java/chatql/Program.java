package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs another program to its end. */
public final class Program {
    private static final int MAX_SECONDS = 120;

    private Program() {}

    public record Ended(int status, String output, String complaints) {}

    public static Ended run(Path directory, Map<String, String> environment, String... command) throws Exception {
        return run(directory, environment, null, command);
    }

    /** @param input its standard input; null for none */
    public static Ended run(Path directory, Map<String, String> environment, File input, String... command)
            throws Exception {
        File output = File.createTempFile("chatql-program", ".out");
        File complaints = File.createTempFile("chatql-program", ".err");
        output.deleteOnExit();
        complaints.deleteOnExit();
        var building = new ProcessBuilder(List.of(command))
                .directory(directory.toFile())
                .redirectOutput(output)
                .redirectError(complaints);
        if (input != null) {
            building.redirectInput(input);
        }
        building.environment().remove("KAFKA_BOOTSTRAP_SERVERS");
        building.environment().putAll(environment);
        Process process = building.start();
        try {
            assertThat(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS))
                    .as("%s has ended", command[0])
                    .isTrue();
            return new Ended(process.exitValue(), text(output), text(complaints));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(File file) throws Exception {
        return Files.readString(file.toPath(), StandardCharsets.UTF_8);
    }
}
