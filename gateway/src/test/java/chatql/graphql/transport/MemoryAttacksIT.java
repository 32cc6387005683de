package chatql.graphql.transport;

import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.PodProcess;
import chatql.ProcessMemory;
import chatql.Topic;
import chatql.World;
import chatql.message.Cursor;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attacks on the memory of a pod with a small heap and the default limits, next to an honest client. One process runs
 * all of them. If it ends, another one replaces it, so that the remaining attacks are measured, too.
 */
@ExtendWith(KafkaBroker.class)
@Timeout(180)
class MemoryAttacksIT {
    private static final String HEAP = "256m";

    /** The duration of each attack, by {@code -Dattacks.seconds}. */
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("attacks.seconds", 2));

    /** Runs only attacks whose names match, by {@code -Dattacks.only}. */
    private static final Pattern ONLY = Pattern.compile(System.getProperty("attacks.only", ""));

    /** The seed of random choices, by {@code -Dattacks.seed}. */
    private static final long SEED = Long.getLong("attacks.seed", System.currentTimeMillis());

    private static final Duration SLOWEST = Duration.ofMillis(500);

    /** The number of messages from which a 99th percentile is meaningful: those of ten seconds. */
    private static final int ENOUGH = 200;

    /**
     * How much the live heap may grow in an attack: a fraction of its size before, plus its variation without any
     * attack.
     */
    private static final double GROWTH = 0.1;

    private static final long SLACK = 4 << 20;

    /** How long after an attack the pod may still read the records of the attack. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(60);

    /** The bytes that one client may write to the log in an attack. */
    private static final long LOG_LINES = 100;

    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final int MANY = 20_000;
    private static final String LARGE_USER = "large";
    private static final String MANY_USER = "many";

    /** One row of the table. */
    private record Row(
            String attack,
            boolean alive,
            long before,
            long peakHeap,
            long after,
            long peakResident,
            long logLines,
            HonestClient.Seen honest) {
        static final String HEAD = "| attack | live heap before, after (MiB) | peak heap (MiB) | peak resident (MiB) |"
                + " log lines | honest p99 (ms) | sent | lost | twice |\n|---|---|---|---|---|---|---|---|---|";

        @Override
        public String toString() {
            return "| %s | %s | %d | %d | %d | %d | %d | %d | %d |"
                    .formatted(
                            attack,
                            alive ? (before >> 20) + ", " + (after >> 20) : "**the pod ended**",
                            peakHeap >> 20,
                            peakResident >> 20,
                            logLines,
                            honest.p99().toMillis(),
                            honest.sent(),
                            honest.lost(),
                            honest.twice());
        }
    }

    /** A pod and the contents of its topics. */
    private static final class Attacked implements AutoCloseable {
        private final World world = new World();
        private final PodProcess pod;
        private final ProcessMemory memory;
        private final Topic compressed;
        private final MemoryAttacks.Prepared prepared;

        Attacked() throws Exception {
            pod = PodProcess.ofJar(world, "attacked", HEAP);
            memory = new ProcessMemory(pod.pid());
            compressed = new Topic(
                    world,
                    Map.of(
                            "compression.type",
                            "zstd",
                            "batch.size",
                            16 << 20,
                            "linger.ms",
                            20,
                            "max.request.size",
                            2 << 20));
            prepared = prepared();
            // Before any measurement, bounded caches are full, and hot code is compiled.
            try (var client = new HonestClient(pod.chat(), pod.port(), "first", pod::isAlive)) {
                attack(MemoryAttacks.CACHES, WARM_UP);
                attack(MemoryAttacks.mix(), WARM_UP.multipliedBy(2));
                client.ready().finish();
            }
        }

        void attack(MemoryAttack attack, Duration time) throws InterruptedException {
            attack.run(new Offender(pod.port(), System.nanoTime() + time.toNanos(), SEED, prepared), time);
        }

        private MemoryAttacks.Prepared prepared() {
            String content = "x".repeat(16_000);
            IntStream.range(0, MemoryAttacks.PAGE_BYTES / content.length())
                    .forEach(i -> compressed.send("sender", LARGE_USER, content));
            IntStream.range(0, MANY).forEach(i -> compressed.send("sender", MANY_USER, "m" + i));
            compressed.producer().flush();
            return new MemoryAttacks.Prepared(
                    LARGE_USER, last(LARGE_USER).partition(), MANY_USER, last(MANY_USER), compressed);
        }

        /** Waits until the user's history has the message, and with it all before it. */
        private Cursor last(String user) {
            String cursor =
                    pod.chat().send("sender", user, "last").get("cursor").stringValue();
            await("the history of " + user)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> pod.chat()
                            .page(Map.of("userId", user, "last", 1, "atLeast", cursor))
                            .get("success")
                            .booleanValue());
            return Cursor.parse(cursor).orElseThrow();
        }

        @Override
        public void close() {
            pod.close();
            memory.close();
            compressed.close();
            world.close();
        }
    }

    private static final List<Row> table = new ArrayList<>();
    private static @Nullable Attacked attacked;

    @AfterAll
    static void end() {
        System.out.printf(
                "Attacks on memory: a heap of %s, the default limits, %d s each, -Dattacks.seed=%d%n%s%n",
                HEAP, TIME.toSeconds(), SEED, Row.HEAD);
        table.forEach(System.out::println);
        if (attacked != null) {
            attacked.close();
        }
    }

    static Stream<MemoryAttack> attacks() {
        return MemoryAttacks.all().filter(attack -> ONLY.matcher(attack.name()).find());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void podOutlivesAttackAndHonestClientDoesNotNotice(MemoryAttack attack) throws Exception {
        Attacked pod = living();
        // A process that does not prove healthy is replaced.
        attacked = null;
        try {
            Row row = row(pod, attack);
            table.add(row);
            check(row);
            attacked = pod;
        } finally {
            if (attacked == null) {
                pod.close();
            }
        }
    }

    private static void check(Row row) {
        System.out.println(row);
        var softly = new SoftAssertions();
        softly.assertThat(row.alive()).as("the pod is alive").isTrue();
        softly.assertThat(row.honest().lost()).as("lost").isZero();
        softly.assertThat(row.honest().twice()).as("received twice").isZero();
        // Of a few messages the 99th percentile is the slowest one, which depends on the machine.
        if (row.honest().sent() >= ENOUGH) {
            softly.assertThat(row.honest().p99()).as("p99 of the honest client").isLessThan(SLOWEST);
        }
        softly.assertThat(row.after()).as("live heap").isLessThanOrEqualTo(most(row.before()));
        softly.assertThat(row.logLines()).as("lines in the log").isLessThanOrEqualTo(LOG_LINES);
        softly.assertAll();
    }

    private static Attacked living() throws Exception {
        Attacked now = attacked;
        return now == null ? new Attacked() : now;
    }

    private static long most(long before) {
        return (long) (before * (1 + GROWTH)) + SLACK;
    }

    private static Row row(Attacked on, MemoryAttack attack) throws Exception {
        long before = on.memory.liveHeap();
        long lines = on.pod.logLines();
        on.memory.resetPeakResident();
        var peak = new AtomicLong(before);
        HonestClient.Seen honest;
        try (ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
                var client = new HonestClient(on.pod.chat(), on.pod.port(), honest(on, attack), on.pod::isAlive)) {
            client.ready();
            watch.scheduleWithFixedDelay(() -> look(on, peak), 0, 100, TimeUnit.MILLISECONDS);
            on.attack(attack, TIME);
            honest = client.finish();
            watch.shutdownNow();
        }
        long resident = on.pod.isAlive() ? on.memory.peakResident() : 0;
        long after = on.pod.isAlive() ? settled(on, most(before)) : 0;
        return new Row(
                attack.name(),
                on.pod.isAlive(),
                before,
                peak.get(),
                after,
                resident,
                on.pod.logLines() - lines,
                honest);
    }

    /** A user of this attack only. */
    private static String honest(Attacked on, MemoryAttack attack) {
        return World.userOutside(
                on.prepared.cursor().partition(),
                "honest-" + Integer.toHexString(attack.name().hashCode()) + "-");
    }

    private static void look(Attacked on, AtomicLong peak) {
        try {
            peak.accumulateAndGet(on.memory.heapAfterCollection(), Math::max);
        } catch (Exception gone) {
            // The process has ended, which the report says.
        }
    }

    /** Returns the live heap as soon as it is small again, or its last value. */
    private static long settled(Attacked on, long most) {
        var last = new AtomicLong(Long.MAX_VALUE);
        try {
            await().atMost(AFTERWARDS)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        last.set(on.memory.liveHeap());
                        return last.get() <= most;
                    });
        } catch (ConditionTimeoutException | UndeclaredThrowableException large) {
            // The bound is checked together with the others.
        }
        return last.get();
    }
}
