package chatql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.util.FileSystemUtils;

/** Topics of its own on the shared broker, and the pods that serve them: a test's own small cluster. */
public final class World implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "w" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final Path directory;
    private final List<Pod> pods = new ArrayList<>();
    private final List<String> settings;

    /** @param settings of every pod, as {@code key=value} */
    public World(String... settings) {
        this.settings = List.of(settings);
        try {
            directory = Files.createTempDirectory("chatql-" + name);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A pod with a state directory of its own. */
    public Pod pod() {
        return pod("pod" + pods.size());
    }

    /** A pod with this state directory: one that was used before is the same pod started again. */
    public Pod pod(String state) {
        String[] arguments = arguments(state).toArray(String[]::new);
        var context = new SpringApplicationBuilder(Gateway.class)
                .web(WebApplicationType.REACTIVE)
                .run(arguments);
        var pod = new Pod(context);
        pods.add(pod);
        pod.awaitReady();
        return pod;
    }

    /** The command line of a pod. */
    public List<String> arguments(String state) {
        Map<String, String> own = Map.of(
                "server.address", "127.0.0.1",
                "server.port", "0",
                "management.server.port", "0",
                "management.server.address", "127.0.0.1",
                "spring.kafka.bootstrap-servers", KafkaBroker.bootstrapServers(),
                "chatql.topics.prefix", name + ".",
                "chatql.topics.partitions", "4",
                "chatql.history.application-id", name,
                "chatql.data-dir", directory.resolve(state).toString(),
                "chatql.transport.drain", "0s");
        return Stream.concat(
                        own.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()),
                        settings.stream())
                .map(setting -> "--" + setting)
                .toList();
    }

    public String topic(String topic) {
        return name + "." + topic;
    }

    @Override
    public void close() {
        pods.reversed().forEach(Pod::close);
        FileSystemUtils.deleteRecursively(directory.toFile());
    }
}
