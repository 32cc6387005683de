package chatql.kafka.cluster;

import static org.awaitility.Awaitility.await;

import chatql.SmallDisk;
import chatql.World;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.springframework.util.FileSystemUtils;

/**
 * One controller and three brokers, each in a process of its own: topics have three replicas and two that must be in
 * sync.
 */
final class KafkaCluster implements AutoCloseable {
    static final List<Integer> BROKERS = List.of(1, 2, 3);
    private static final int CONTROLLER = 0;
    private static final int DISK_MEGABYTES = 256;
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private final Path directory;
    private final String id = Uuid.randomUuid().toString();
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Map<Integer, Process> nodes = new HashMap<>();
    private final Map<Integer, Duration> clocks = new HashMap<>();
    private final Map<Integer, SmallDisk> disks = new HashMap<>();
    private final Admin admin;

    KafkaCluster(Path directory) throws Exception {
        this.directory = directory;
        for (int node = CONTROLLER; node <= BROKERS.getLast(); node++) {
            ports.put(node, World.freePort());
        }
        start(CONTROLLER);
        for (int broker : BROKERS) {
            start(broker);
        }
        admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                // A suspended broker does not answer.
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "1000",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000"));
        await("three brokers")
                .atMost(RECOVERY)
                .ignoreExceptions()
                .until(() -> admin.describeCluster().nodes().get().size() == BROKERS.size());
    }

    String bootstrapServers() {
        return BROKERS.stream().map(broker -> "127.0.0.1:" + ports.get(broker)).collect(Collectors.joining(","));
    }

    // --- processes

    /** Starts a node that is not running. */
    void start(int node) throws IOException {
        Path file = directory.resolve("node" + node + ".properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            settings(node).store(out, null);
        }
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + (node == CONTROLLER ? 96 : 192) + "m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KafkaNode.class.getName(),
                file.toString(),
                id,
                Long.toString(clocks.getOrDefault(node, Duration.ZERO).toMillis()));
        SmallDisk disk = disks.get(node);
        if (disk != null) {
            Files.createDirectories(disk.directory());
        }
        nodes.put(
                node,
                new ProcessBuilder(disk == null ? command : disk.command(command))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                directory.resolve("node" + node + ".log").toFile()))
                        .start());
    }

    private Properties settings(int node) {
        var settings = new Properties();
        String controller = "127.0.0.1:" + ports.get(CONTROLLER);
        String own = "127.0.0.1:" + ports.get(node);
        settings.putAll(Map.of(
                "node.id",
                Integer.toString(node),
                "process.roles",
                node == CONTROLLER ? "controller" : "broker",
                "listeners",
                (node == CONTROLLER ? "CONTROLLER://" : "BROKER://") + own,
                "listener.security.protocol.map",
                "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                CONTROLLER + "@" + controller,
                "log.dirs",
                data(node).toString(),
                "metadata.log.dir",
                directory.resolve("metadata" + node).toString()));
        if (node != CONTROLLER) {
            settings.put("inter.broker.listener.name", "BROKER");
        }
        settings.putAll(Map.of(
                "default.replication.factor", "3",
                "min.insync.replicas", "2",
                "offsets.topic.replication.factor", "3",
                "offsets.topic.num.partitions", "1",
                "auto.create.topics.enable", "false",
                "group.initial.rebalance.delay.ms", "0"));
        settings.putAll(Map.of(
                "broker.session.timeout.ms", "3000",
                "broker.heartbeat.interval.ms", "500",
                "replica.lag.time.max.ms", "3000",
                "num.network.threads", "1",
                "num.io.threads", "2",
                "log.index.size.max.bytes", "65536",
                "log.cleaner.dedupe.buffer.size", "2097152"));
        return settings;
    }

    private Path data(int node) {
        return directory.resolve("data" + node);
    }

    void kill(int node) {
        nodes.get(node)
                .destroyForcibly()
                .onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    /** Stops a node as an operator does. */
    void stop(int node) {
        nodes.get(node).destroy();
        nodes.get(node).onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Suspends a node until {@link #resume}. */
    void suspend(int node) throws Exception {
        signal(node, "STOP");
    }

    void resume(int node) throws Exception {
        signal(node, "CONT");
    }

    private void signal(int node, String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(nodes.get(node).pid()))
                .start()
                .waitFor();
    }

    /** Gives a broker a small disk of its own at its next start, which holds nothing. */
    void setSmallDisk(int node) {
        disks.put(node, new SmallDisk(data(node), DISK_MEGABYTES));
    }

    /** Fills that disk, and waits until the broker has ended because of it. */
    void fillDisk(int node) throws IOException {
        disks.get(node).fill(nodes.get(node).pid());
        nodes.get(node).onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Deletes the records of a node that is not running. */
    void loseData(int node) throws IOException {
        FileSystemUtils.deleteRecursively(data(node));
    }

    /** Sets how far the clock of a node is ahead, from its next start on. */
    void setClockAhead(int node, Duration ahead) {
        clocks.put(node, ahead);
    }

    // --- partitions

    Map<Integer, TopicPartitionInfo> partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                .collect(Collectors.toMap(TopicPartitionInfo::partition, info -> info));
    }

    /** Waits until exactly these brokers are in sync in each partition. */
    void awaitInSync(String topic, Collection<Integer> brokers) {
        await("brokers in sync: " + brokers)
                .atMost(RECOVERY)
                .ignoreExceptions()
                .until(() -> partitions(topic).values().stream()
                        .allMatch(partition -> partition.isr().stream()
                                .map(node -> node.id())
                                .collect(Collectors.toSet())
                                .equals(Set.copyOf(brokers))));
    }

    /** Lets each partition's first replica lead, or any that is alive, even if it lacks acknowledged records. */
    void elect(String topic, ElectionType type) throws Exception {
        Set<TopicPartition> all = partitions(topic).keySet().stream()
                .map(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toSet());
        for (var failure : admin.electLeaders(type, all).partitions().get().entrySet()) {
            if (failure.getValue()
                    .filter(e -> !(e instanceof ElectionNotNeededException))
                    .isPresent()) {
                throw new IllegalStateException(
                        failure.getKey().toString(), failure.getValue().orElseThrow());
            }
        }
    }

    /** How many partitions the broker leads. */
    long led(String topic, int broker) throws Exception {
        return partitions(topic).values().stream()
                .filter(partition ->
                        partition.leader() != null && partition.leader().id() == broker)
                .count();
    }

    void setTopic(String topic, String name, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        IntStream.rangeClosed(CONTROLLER, BROKERS.getLast())
                .filter(nodes::containsKey)
                .forEach(this::kill);
    }
}
