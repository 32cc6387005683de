package chatql.kafka.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.PodProcess;
import chatql.SmallDisk;
import chatql.TopicRecords;
import chatql.World;
import chatql.kafka.Senders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.ElectionType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * What happens to a cluster of three brokers, while 200 messages a second are sent to 100 subscribers. Each message that
 * was acknowledged must be shown once, in the log's order, live and in history.
 */
@Tag("long")
class ThreeBrokersIT {
    private static final int USERS = 100;
    private static final Duration INTERVAL = Duration.ofMillis(5);
    /** Acknowledged messages after which a step goes on: two seconds of the load. */
    private static final int SOME = 400;

    /** Messages of a page of {@link chatql.Chat#contents}. */
    private static final int PAGE = 1_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private record Phase(String name, long began, long ended) {}

    private interface Steps {
        void run() throws Exception;
    }

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
                "server.port=" + World.freePort(),
                "management.server.port=" + World.freePort());
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
        });
        phase("each partition gets another leader", () -> {
            cluster.elect(topic, ElectionType.PREFERRED);
            awaitMore(SOME);
        });
        phase("a broker is killed and comes back", () -> {
            cluster.kill(1);
            awaitMore(SOME);
            cluster.start(1);
            awaitAllInSync();
        });
        phase("a broker is suspended, and falls behind", () -> {
            cluster.suspend(2);
            cluster.awaitInSync(topic, Set.of(1, 3));
            awaitMore(2 * SOME);
            cluster.resume(2);
            awaitAllInSync();
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
        });
        phase("a broker loses its disk", () -> {
            cluster.kill(2);
            cluster.loseData(2);
            awaitMore(SOME);
            cluster.start(2);
            awaitAllInSync();
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
        });
        assertThat(pod.logged()).doesNotContain("has lost");
        check();
        print();
    }

    private void restart(int broker) throws Exception {
        cluster.stop(broker);
        cluster.start(broker);
        awaitAllInSync();
    }

    private void phase(String name, Steps steps) throws Exception {
        long began = System.nanoTime();
        steps.run();
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

    /** Stops sending, and compares what was shown with the log. */
    private void check() {
        senders.pause();
        await("all answers").atMost(Duration.ofSeconds(60)).until(() -> senders.pending() == 0);
        List<String> acknowledged = senders.attempts().stream()
                .filter(Senders.Attempt::stored)
                .map(Senders.Attempt::content)
                .toList();
        Map<String, List<String>> log = log();
        List<String> kept = log.values().stream().flatMap(List::stream).toList();

        assertThat(Set.copyOf(kept)).containsAll(acknowledged);
        devices.forEach(device -> check(device, log.getOrDefault(device.user(), List.of())));
        System.out.printf(
                "Three brokers: %d messages acknowledged, none of them lost; the log's %d shown to %d subscribers, none"
                        + " missing, twice or out of order; %d reconnects%n",
                acknowledged.size(),
                kept.size(),
                USERS,
                devices.stream().mapToInt(Device::reconnects).sum());
    }

    private void check(Device device, List<String> expected) {
        await("all messages of " + device.user())
                .atMost(Duration.ofSeconds(60))
                .until(() -> device.contents().containsAll(expected));
        assertThat(device.contents()).isEqualTo(expected);
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
