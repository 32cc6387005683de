package chatql;

import static org.awaitility.Awaitility.await;

import chatql.kafka.consistency.PartitionMigrating;
import chatql.kafka.store.StoreLayout;
import chatql.kafka.streams.HistoryStreams;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.TopicSettings;
import chatql.user.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.HostInfo;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.util.FileSystemUtils;

/** A test's own small cluster: its own topics on the shared broker, and the pods that serve them. */
public final class World implements AutoCloseable {
    /** Of the messages, unless a test sets another number of partitions. */
    public static final KeyPartitioner KEY_PARTITIONER = new KeyPartitioner(4);

    /** A user whose id begins so, and whose messages are in another partition. */
    public static String userOutside(int partition, String beginning) {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> beginning + number)
                .filter(user -> KEY_PARTITIONER.of(new UserId(user)) != partition)
                .findFirst()
                .orElseThrow();
    }

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

    /** A pod with its own state directory. */
    public Pod pod() {
        return pod("pod" + pods.size());
    }

    /**
     * A pod with this state directory: one that was used before is the same pod restarted.
     *
     * @param own settings of this pod only, as {@code key=value}
     */
    public Pod pod(String state, String... own) {
        String[] arguments = arguments(state, own).toArray(String[]::new);
        var context = new SpringApplicationBuilder(Gateway.class)
                .web(WebApplicationType.REACTIVE)
                .initializers(World::withItsOwnThreads)
                .run(arguments);
        var pod = new Pod(context);
        pods.add(pod);
        pod.awaitReady();
        return pod;
    }

    /**
     * Waits until each pod owns a partition of the users, and all pods know it. A pod is ready before that: the group
     * moves partitions to it later, and a claim that meets a move is answered with an error.
     */
    void awaitUsersOnEachPod() {
        await("users on each pod")
                .atMost(Duration.ofSeconds(60))
                .ignoreException(PartitionMigrating.class)
                .until(() -> pods.stream()
                        .allMatch(pod -> userOwners(pod).size() == pods.size()
                                && pod.chat().users(Map.of()).get("success").booleanValue()));
    }

    private static Set<HostInfo> userOwners(Pod pod) {
        int partitions = pod.bean(TopicSettings.class).userPartitions();
        return IntStream.range(0, partitions)
                .mapToObj(partition -> pod.bean(HistoryStreams.class).owner(StoreLayout.USERS, partition))
                .collect(Collectors.toSet());
    }

    /**
     * Gives each pod its own event loops: pods of one JVM would share Netty's, and the first to stop would end them for
     * all.
     */
    private static void withItsOwnThreads(ConfigurableApplicationContext context) {
        ((GenericApplicationContext) context).registerBean(ReactorResourceFactory.class, () -> {
            var resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            return resources;
        });
    }

    /** The command line of a pod. */
    public List<String> arguments(String state, String... own) {
        var all = new LinkedHashMap<String, String>();
        all.put("server.address", "127.0.0.1");
        all.put("server.port", "0");
        all.put("management.server.address", "127.0.0.1");
        all.put("management.server.port", "0");
        all.put("spring.kafka.bootstrap-servers", KafkaBroker.bootstrapServers());
        all.put("chatql.topics.prefix", name + ".");
        all.put("chatql.topics.partitions", Integer.toString(KEY_PARTITIONER.count()));
        all.put("chatql.history.application-id", name);
        all.put("chatql.data-dir", data(state).toString());
        all.put("chatql.transport.drain-timeout", "0s");
        all.put("chatql.auth.mode", "none");
        // A test has many fast clients, all of one address.
        all.put("chatql.limits.connections-per-address", "50000");
        all.put("chatql.limits.requests-per-address", "50000");
        all.put("chatql.limits.messages-per-user", "1000000");
        all.put("chatql.limits.messages-per-address", "1000000");
        Stream.concat(settings.stream(), Stream.of(own))
                .forEach(setting -> all.put(setting.split("=")[0], setting.split("=")[1]));
        return all.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    /** The data directory of the pod with this state directory. */
    public Path data(String state) {
        return directory.resolve(state);
    }

    /** A port of the loopback interface that nothing listens on, for a pod that must keep its port. */
    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
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
