package chatql.kafka.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.Following;
import chatql.KafkaBroker;
import chatql.Pod;
import chatql.World;
import chatql.delivery.MessageEvents;
import chatql.delivery.StartPosition;
import chatql.delivery.Subscriptions;
import chatql.user.UserId;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;

@ExtendWith(KafkaBroker.class)
class KafkaTapIT {
    private static final int MAX_STARTED = 10;

    private static World world;
    private static Pod pod;

    @BeforeAll
    static void start() {
        world = new World("chatql.tap.idle-close-delay=100ms");
        pod = world.pod();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void partitionIsReadUntilDelayAfterLastSubscriber() {
        KafkaTap tap = pod.bean(KafkaTap.class);
        await().until(() -> tap.openPartitions() == 0);

        try (Following following = pod.chat().follow("reader", "earliest")) {
            pod.chat().send("1", "reader", "hello");
            following.await(1);

            assertThat(tap.openPartitions()).isEqualTo(1);
        }
        await().until(() -> tap.openPartitions() == 0);
    }

    @Test
    void tenThousandSubscriptionsLeakNothing() throws Exception {
        comeAndGo(1_000);
        List<String> threads = threads();
        Set<String> groups = groups();
        long heap = liveHeap();

        comeAndGo(10_000);

        long after = liveHeap();
        System.out.printf(
                "10,000 subscriptions came and went: %d threads before, %d after; live heap %d KiB before, %d KiB after%n",
                threads.size(), threads().size(), heap >> 10, after >> 10);
        // The pod's pools start and end threads at any time; ten thousand subscriptions would leave more.
        assertThat(threads()).hasSizeLessThan(threads.size() + MAX_STARTED);
        // Groups of other tests may end in the meantime.
        assertThat(groups()).isSubsetOf(groups);
        assertThat(after - heap).isLessThan(8 << 20);
    }

    private static void comeAndGo(int times) {
        Subscriptions subscriptions = pod.bean(Subscriptions.class);
        KafkaTap tap = pod.bean(KafkaTap.class);
        for (int i = 0; i < times; i += 100) {
            List<Disposable> crowd = IntStream.range(i, i + 100)
                    .mapToObj(number -> new UserId("passer-by-" + number % 300))
                    .map(user -> subscriptions
                            .events(user, new StartPosition.Now(), new MessageEvents())
                            .subscribe())
                    .toList();
            // Some subscribers cancel while others are still subscribing.
            crowd.subList(0, 50).forEach(Disposable::dispose);
            await().pollInterval(Duration.ofMillis(1)).until(() -> tap.subscribers() == 50);
            crowd.forEach(Disposable::dispose);
        }
        await().until(() -> tap.subscribers() == 0 && tap.openPartitions() == 0);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    private static Set<String> groups() throws Exception {
        var groups = new TreeSet<String>();
        for (GroupListing group : pod.bean(Admin.class).listGroups().all().get()) {
            groups.add(group.groupId());
        }
        return groups;
    }

    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
