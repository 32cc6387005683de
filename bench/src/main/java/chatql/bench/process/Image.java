package chatql.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The gateway as in its image: unpacked, and with the AOT cache of the image's training run. */
public final class Image {
    private static final Path SOURCES = Path.of("gateway/src/image").toAbsolutePath();

    private final Path directory;

    private Image(Path directory) {
        this.directory = directory;
    }

    /**
     * Builds it as the Dockerfile does, which takes a minute.
     *
     * @param jar the complete jar, from which the training run uses the broker
     */
    public static Image of(Path directory, Path jar) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        String whole = jar.toAbsolutePath().toString();
        Path layers = directory.resolve("layers");
        List<String> layer = List.of("--layers", "dependencies,application", "--destination", layers.toString());
        List<String> extract = new ArrayList<>(List.of(Child.java(), "-Djarmode=tools", "-jar", whole, "extract"));
        extract.addAll(layer);
        run(directory, extract);
        move(layers.resolve("dependencies"), directory);
        move(layers.resolve("application"), directory);
        for (String file : List.of("jvm.flags", "rehearse")) {
            Files.copy(SOURCES.resolve(file), directory.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        run(directory, List.of(directory.resolve("rehearse").toString(), whole));
        return new Image(directory);
    }

    private static void move(Path layer, Path directory) throws IOException {
        try (Stream<Path> files = Files.list(layer)) {
            for (Path file : files.toList()) {
                Files.move(file, directory.resolve(file.getFileName()));
            }
        }
    }

    private static void run(Path directory, List<String> command) throws IOException, InterruptedException {
        Path log = directory.resolve("made.log");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().merge("PATH", Child.JAVA.toString(), (path, java) -> java + ":" + path);
        if (builder.start().waitFor() != 0) {
            throw new IOException("Building the image failed; the log is " + log);
        }
    }

    /** Starts the gateway as the image's entry point does. */
    public Child start(Path logs, String name, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(
                List.of("-XX:Flags=jvm.flags", "-XX:AOTCache=gateway.aot", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of("-jar", "gateway.jar"));
        command.addAll(arguments);
        return Child.in(directory, logs, name, command);
    }
}
