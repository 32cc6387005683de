package chatql;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A pod in a process of its own, which can be killed. */
public final class PodProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("Netty started on port (\\d+)");

    private final Process process;
    private final Path log;
    private final int port;
    private final int managementPort;

    public PodProcess(World world, String state) throws Exception {
        this(world, state, List.of(), Duration.ofSeconds(90));
    }

    /**
     * @param options of the JVM
     * @param atMost until it is ready
     */
    public PodProcess(World world, String state, List<String> options, Duration atMost) throws Exception {
        log = Files.createTempFile("chatql-pod", ".log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Gateway.class.getName()));
        command.addAll(world.arguments(state));
        command.add("--logging.level.root=info");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await("the process to be ready").atMost(atMost).until(() -> isReady(log));
        port = ports(log).getFirst();
        managementPort = ports(log).get(1);
    }

    private static boolean isReady(Path log) throws Exception {
        List<Integer> ports = ports(log);
        return ports.size() == 2 && Pod.isReady(URI.create("http://127.0.0.1:" + ports.get(1)));
    }

    private static List<Integer> ports(Path log) throws Exception {
        return PORT.matcher(Files.readString(log))
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .toList();
    }

    public Chat chat() {
        return new Chat(URI.create("http://127.0.0.1:" + port + "/graphql"));
    }

    /** What Prometheus would read now. */
    public Scrape scrape() {
        return Pod.scrape(URI.create("http://127.0.0.1:" + managementPort));
    }

    /** As Kubernetes ends a pod: SIGTERM. The future completes when the process has ended, with its exit code. */
    public CompletableFuture<Integer> terminate() {
        process.destroy();
        return process.onExit().thenApply(Process::exitValue);
    }

    /** What it has logged by now. */
    public String logged() throws IOException {
        return Files.readString(log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether the probe of Kubernetes would send clients here. */
    public boolean isReady() {
        return Pod.isReady(URI.create("http://127.0.0.1:" + managementPort));
    }

    /** As kill -9 does. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Asks it to stop, as Kubernetes does; how long that took. */
    public Duration terminate(Duration atMost) {
        long asked = System.nanoTime();
        process.destroy();
        process.onExit().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join();
        return Duration.ofNanos(System.nanoTime() - asked);
    }

    /** Stops the process where it is, as a machine that sleeps. */
    public void sleep() throws Exception {
        signal("STOP");
    }

    public void wake() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        kill();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
