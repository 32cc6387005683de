package chatql.kafka.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.PodProcess;
import chatql.SmallDisk;
import chatql.TopicRecords;
import chatql.World;
import chatql.kafka.Senders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.ElectionType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What happens to a cluster of three brokers, while 200 messages a second are sent to 100 subscribers. Each message that
 * was acknowledged and that the log still has must be shown once, in the log's order, live and in history. What the log
 * lost must be named.
 */
class ThreeBrokersIT {
    private static final int USERS = 100;
    private static final Duration INTERVAL = Duration.ofMillis(5);
    /** Acknowledged messages after which a step goes on: two seconds of the load. */
    private static final int SOME = 400;

    /** Messages of a page of {@link chatql.Chat#contents}. */
    private static final int PAGE = 1_000;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern LOST = Pattern.compile("has lost offsets (\\d+) to (\\d+) of partition (\\d+)");

    private record Phase(String name, long began, long ended) {}

    @TempDir
    Path directory;

    private KafkaCluster cluster;
    private World world;
    private PodProcess pod;
    private String topic;
    private Senders senders;
    private List<Device> devices;
    private Disposable connecting;
    private final List<Phase> phases = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        cluster = new KafkaCluster(directory);
        world = new World(
                "spring.kafka.bootstrap-servers=" + cluster.bootstrapServers(),
                "server.port=" + KafkaCluster.freePort(),
                "management.server.port=" + KafkaCluster.freePort());
        topic = world.topic("messages");
        pod = PodProcess.ofJar(
                world,
                "a",
                "512m",
                "--chatql.limits.messages-per-address=1000000",
                "--chatql.limits.messages-per-user=1000000");
        devices = IntStream.range(0, USERS)
                .mapToObj(user -> new Device(pod.chat(), Senders.user(user)))
                .toList();
        connecting = Flux.interval(Duration.ofMillis(200), Schedulers.boundedElastic())
                .onBackpressureDrop()
                .subscribe(tick -> devices.forEach(Device::keepUp));
        senders = new Senders(pod.chat(), USERS, INTERVAL);
        awaitMore(SOME);
    }

    @AfterEach
    void stop() {
        connecting.dispose();
        devices.forEach(Device::close);
        Stream.of(senders, pod, world, cluster).forEach(ThreeBrokersIT::close);
    }

    private static void close(AutoCloseable started) {
        try {
            started.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void acknowledgedMessagesOfTheLogAreShownOnceAndInOrderWhateverHappensToBrokers() throws Exception {
        phase("one broker after another is stopped and started", () -> {
            for (int broker : KafkaCluster.BROKERS) {
                cluster.stop(broker);
                awaitMore(SOME);
                cluster.start(broker);
                awaitAllInSync();
            }
            return null;
        });
        phase("each partition gets another leader", () -> {
            cluster.elect(topic, ElectionType.PREFERRED);
            awaitMore(SOME);
            return null;
        });
        phase("a broker is killed and comes back", () -> {
            cluster.kill(1);
            awaitMore(SOME);
            cluster.start(1);
            awaitAllInSync();
            return null;
        });
        phase("a broker is suspended, and falls behind", () -> {
            cluster.suspend(2);
            cluster.awaitInSync(topic, Set.of(1, 3));
            awaitMore(2 * SOME);
            cluster.resume(2);
            awaitAllInSync();
            return null;
        });
        phase("too few replicas are in sync", () -> {
            cluster.setTopic(topic, "min.insync.replicas", "3");
            cluster.kill(3);
            cluster.awaitInSync(topic, Set.of(1, 2));
            await("a refused message")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> senders.attempts().stream().anyMatch(attempt -> !attempt.stored()));
            cluster.start(3);
            awaitAllInSync();
            awaitMore(SOME);
            cluster.setTopic(topic, "min.insync.replicas", "2");
            return null;
        });
        phase("a broker loses its disk", () -> {
            cluster.kill(2);
            cluster.loseData(2);
            awaitMore(SOME);
            cluster.start(2);
            awaitAllInSync();
            return null;
        });
        if (SmallDisk.isPossible()) {
            phase("a broker's disk is full, and gets replaced", () -> {
                cluster.kill(2);
                cluster.setSmallDisk(2);
                cluster.start(2);
                awaitAllInSync();
                cluster.fillDisk(2);
                awaitMore(SOME);
                cluster.start(2);
                awaitAllInSync();
                return null;
            });
        }
        phase("a leader's clock is an hour ahead, and right again", () -> {
            cluster.setClockAhead(1, Duration.ofHours(1));
            restart(1);
            cluster.elect(topic, ElectionType.PREFERRED);
            await("leadership").until(() -> cluster.led(topic, 1) > 0);
            awaitMore(SOME);
            cluster.setClockAhead(1, Duration.ZERO);
            restart(1);
            awaitMore(SOME);
            return null;
        });
        assertThat(named()).isEmpty();
        check();
        print();
    }

    private void restart(int broker) throws Exception {
        cluster.stop(broker);
        cluster.start(broker);
        awaitAllInSync();
    }

    private void phase(String name, Callable<Void> steps) throws Exception {
        long began = System.nanoTime();
        steps.call();
        phases.add(new Phase(name, began, System.nanoTime()));
    }

    private void awaitAllInSync() {
        cluster.awaitInSync(topic, KafkaCluster.BROKERS);
    }

    /** Waits until so many further messages are acknowledged. */
    private void awaitMore(int messages) {
        long before = senders.stored();
        await(messages + " further acknowledged messages")
                .atMost(Duration.ofSeconds(120))
                .until(() -> senders.stored() >= before + messages);
    }

    // --- what must be shown

    /** Stops sending for a while, and compares what was shown with the log. */
    private void check() {
        senders.pause();
        await("all answers").atMost(Duration.ofSeconds(60)).until(() -> senders.pending() == 0);
        List<JsonNode> acknowledged = senders.attempts().stream()
                .filter(Senders.Attempt::stored)
                .map(attempt -> attempt.answer().get("message"))
                .toList();
        Map<String, List<String>> log = log();
        Set<String> kept = log.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        List<JsonNode> lost = acknowledged.stream()
                .filter(message -> !kept.contains(message.get("content").stringValue()))
                .toList();
        List<Range> named = named();

        assertThat(lost).allMatch(message -> named.stream().anyMatch(range -> range.contains(message)));
        devices.forEach(device -> check(device, log.getOrDefault(device.user(), List.of()), kept));
        System.out.printf(
                "Three brokers: %d messages acknowledged, %d of them lost by the log and named; the log's %d shown to %d"
                        + " subscribers, none missing, twice or out of order; %d reconnects%n",
                acknowledged.size(),
                lost.size(),
                kept.size(),
                USERS,
                devices.stream().mapToInt(Device::reconnects).sum());
        senders.resume();
    }

    private void check(Device device, List<String> expected, Set<String> kept) {
        await("all messages of " + device.user())
                .atMost(Duration.ofSeconds(60))
                .until(() -> device.contents().containsAll(expected));
        assertThat(device.contents().stream().filter(kept::contains)).containsExactlyElementsOf(expected);
        List<String> page = expected.subList(Math.max(0, expected.size() - PAGE), expected.size());
        await("the history of " + device.user())
                .atMost(Duration.ofSeconds(60))
                .until(() -> pod.chat().contents(device.user()).containsAll(page));
        assertThat(pod.chat().contents(device.user())).isEqualTo(page);
    }

    /** The contents of the log by recipient, in its order. */
    private Map<String, List<String>> log() {
        return TopicRecords.all(cluster.bootstrapServers(), topic, 1).stream()
                .map(record -> JSON.readTree(record.value()))
                .collect(Collectors.groupingBy(
                        message -> message.get("recipientId").stringValue(),
                        Collectors.mapping(message -> message.get("content").stringValue(), Collectors.toList())));
    }

    /** Offsets of a partition that the pod has reported as lost. */
    private record Range(int partition, long from, long to) {
        boolean contains(JsonNode message) {
            String[] position = message.get("id").stringValue().split("-");
            long offset = Long.parseLong(position[1]);
            return Integer.parseInt(position[0]) == partition && from <= offset && offset <= to;
        }
    }

    private List<Range> named() {
        return LOST.matcher(logged())
                .results()
                .map(found -> new Range(
                        Integer.parseInt(found.group(3)),
                        Long.parseLong(found.group(1)),
                        Long.parseLong(found.group(2))))
                .toList();
    }

    private String logged() {
        try {
            return pod.logged();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The table of docs/reliability.md. */
    private void print() {
        System.out.println(
                "| what happens | lasts, s | acknowledged | refused | longest without an acknowledgement, s |");
        System.out.println("|---|---|---|---|---|");
        for (Phase phase : phases) {
            List<Senders.Attempt> answered = senders.attempts().stream()
                    .filter(attempt -> phase.began <= attempt.ended() && attempt.ended() < phase.ended)
                    .sorted(Comparator.comparingLong(Senders.Attempt::ended))
                    .toList();
            List<Senders.Attempt> stored =
                    answered.stream().filter(Senders.Attempt::stored).toList();
            long last = phase.began;
            long longest = 0;
            for (Senders.Attempt attempt : stored) {
                longest = Math.max(longest, attempt.ended() - last);
                last = attempt.ended();
            }
            System.out.printf(
                    "| %s | %.0f | %d | %d | %.1f |%n",
                    phase.name,
                    (phase.ended - phase.began) / 1e9,
                    stored.size(),
                    answered.size() - stored.size(),
                    longest / 1e9);
        }
    }
}
