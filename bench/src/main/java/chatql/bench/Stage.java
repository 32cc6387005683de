package chatql.bench;

import chatql.bench.floor.Floor;
import chatql.bench.load.Dialect;
import chatql.bench.load.Where;
import chatql.bench.process.Broker;
import chatql.bench.process.Child;
import chatql.bench.process.Image;
import chatql.bench.process.LoadProcess;
import chatql.bench.stock.StockGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/** Starts the broker and the servers: all on this machine, each in its own process. */
final class Stage implements AutoCloseable {
    private static final List<String> HEAP = List.of("-Xmx1g");

    /** The JVM options of every measured server: the image's, and the bound of the heap. */
    static final List<String> JVM = List.of("-XX:Flags=gateway/src/image/jvm.flags", HEAP.getFirst());

    /** Raises the limits that would stop a single load generator; the defaults are for many clients. */
    static final List<String> LIMITS = List.of(
            "--chatql.limits.connections=200000",
            "--chatql.limits.connections-per-address=200000",
            "--chatql.limits.connections-per-user=200000",
            "--chatql.limits.connects-per-address=1000000",
            "--chatql.limits.requests=100000",
            "--chatql.limits.requests-per-address=100000",
            "--chatql.limits.operations=1000000",
            "--chatql.limits.messages-per-user=1000000",
            "--chatql.limits.messages-per-address=10000000");

    private static final int PARTITIONS = 12;
    private static final Duration START = Duration.ofSeconds(90);

    private final Path directory;
    private final Path jar;
    private final Path other;
    private final String address;
    private final Child broker;
    private final HttpClient http = HttpClient.newHttpClient();
    private int started;
    private @Nullable Image image;

    /** @param other another jar of the gateway, for {@link Kind#OTHER} */
    Stage(Path directory, Path jar, Path other) throws Exception {
        this.directory = directory;
        this.jar = jar;
        this.other = other;
        int port = freePort();
        address = "127.0.0.1:" + port;
        List<String> arguments = List.of(directory.resolve("kafka").toString(), Integer.toString(port));
        broker = Child.ofClass(directory, "broker", List.of("-Xmx1g"), Broker.class, arguments);
        broker.await(START, () -> broker.hasSaid("Serving"));
    }

    String bootstrapServers() {
        return address;
    }

    /** Starts a server with its own topics, and waits until it serves. */
    Subject start(Kind kind) throws Exception {
        String name = kind.id() + ++started;
        return switch (kind) {
            case FLOOR -> plain(kind, name, Dialect.PLAIN, Floor.class, "Serving");
            case STOCK -> plain(kind, name, Dialect.GRAPHQL, StockGateway.class, "Netty started");
            case EDGE -> subject(kind, name, pod(jar, name, "edge", nowhere(), "tap"), List.of());
            case OTHER -> subject(kind, name, pod(other, name, "edge", nowhere(), "tap"), List.of());
            case BOTH -> subject(kind, name, pod(jar, name, "edge,history", nowhere(), "readiness"), List.of());
        };
    }

    /** Starts a server with history, as {@link #start} does; an edge has its history in another process. */
    Subject startWithHistory(Kind kind) throws Exception {
        if (kind != Kind.EDGE) {
            return start(kind);
        }
        String name = kind.id() + ++started;
        Pod history = pod(jar, name, "history", nowhere(), "readiness");
        return subject(kind, name, pod(jar, name, "edge", history.port(), "readiness"), List.of(history.child()));
    }

    /** A port on which nothing listens. */
    private static int nowhere() throws IOException {
        return freePort();
    }

    private Subject plain(Kind kind, String name, Dialect dialect, Class<?> main, String ready) throws Exception {
        String topic = name + ".messages";
        create(topic);
        int port = freePort();
        Child child = Child.ofClass(directory, name, JVM, main, List.of(Integer.toString(port), address, topic));
        child.await(START, () -> child.hasSaid(ready));
        return new Subject(
                kind,
                child,
                new LoadProcess(directory, name + "-load"),
                new Where(dialect, port),
                topic,
                broker,
                List.of());
    }

    /** Starts the image's files, as {@link #start} does. */
    Subject startImage(Kind kind) throws Exception {
        String name = kind.id() + ++started;
        String roles = kind == Kind.EDGE ? "edge" : "edge,history";
        String probe = kind == Kind.EDGE ? "tap" : "readiness";
        Image image = image();
        return subject(
                kind,
                name,
                pod((log, arguments) -> image.start(directory, log, HEAP, arguments), name, roles, nowhere(), probe),
                List.of());
    }

    /** The image's files for {@link #startImage}; building them takes a minute, once. */
    void prepareImage() throws Exception {
        image();
    }

    private Image image() throws Exception {
        Image made = image;
        if (made == null) {
            made = Image.of(directory.resolve("image"), jar);
            image = made;
        }
        return made;
    }

    /** Starts a pod's process, with a name for its log and with arguments. */
    private interface Starter {
        Child start(String log, List<String> arguments);
    }

    private record Pod(Child child, int port) {}

    private Pod pod(Path built, String name, String roles, int history, String probe) throws Exception {
        return pod((log, arguments) -> Child.ofJar(directory, log, JVM, built, arguments), name, roles, history, probe);
    }

    /**
     * @param probe the health group or component that shows that it serves; an edge alone is never ready, but
     *     serves
     */
    private Pod pod(Starter starter, String name, String roles, int history, String probe) throws Exception {
        int port = freePort();
        int management = freePort();
        List<String> arguments = new ArrayList<>(LIMITS);
        arguments.addAll(List.of(
                "--spring.kafka.bootstrap-servers=" + address,
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--management.server.port=" + management,
                "--chatql.auth.mode=none",
                "--chatql.roles=" + roles,
                "--chatql.topics.prefix=" + name + ".",
                "--chatql.topics.replication-factor=1",
                "--chatql.history.application-id=" + name,
                "--chatql.data-dir=" + directory.resolve(name + "-" + port)));
        if (roles.equals("edge")) {
            arguments.add("--chatql.history.url=http://127.0.0.1:" + history);
        }
        Child child = starter.start(name + "-" + roles.replace(',', '-'), arguments);
        URI health = URI.create("http://127.0.0.1:" + management + "/actuator/health/" + probe);
        child.await(START, () -> answers(health));
        return new Pod(child, port);
    }

    private Subject subject(Kind kind, String name, Pod pod, List<Child> others) {
        return new Subject(
                kind,
                pod.child(),
                new LoadProcess(directory, name + "-load"),
                new Where(Dialect.GRAPHQL, pod.port()),
                name + ".messages",
                broker,
                others);
    }

    private void create(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)
                            .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
                    .all()
                    .get();
        }
    }

    private boolean answers(URI probe) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(probe).timeout(Duration.ofSeconds(5)).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        http.close();
        broker.close();
    }
}
