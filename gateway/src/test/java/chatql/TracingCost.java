package chatql;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Prints the CPU time of a message, from its mutation to its deliveries, by what becomes of its trace; twice without
 * tracing, which shows the noise.
 */
@Tag("long")
@ExtendWith(KafkaBroker.class)
class TracingCost {
    private static final int ROUNDS = 9;
    private static final int MESSAGES = 1_000;
    private static final int AT_ONCE = 20;
    private static final int LISTENERS = 10;

    @Test
    void tracingCostPerMessageIsMeasured() {
        try (var collector = new TraceCollector();
                var off = new World();
                var control = new World();
                var unsampled = new World(collector.setting(), "management.tracing.sampling.probability=0");
                var sampled = new World(collector.setting(), "management.tracing.sampling.probability=1")) {
            var pods = new LinkedHashMap<String, Chat>();
            pods.put("off", off.pod().chat());
            pods.put("off, again", control.pod().chat());
            pods.put("on, not sampled", unsampled.pod().chat());
            pods.put("on, sampled", sampled.pod().chat());
            var costs = new LinkedHashMap<String, List<Long>>();
            pods.keySet().forEach(name -> costs.put(name, new ArrayList<>()));

            // The first round is for the JIT.
            for (int round = 0; round <= ROUNDS; round++) {
                var turn = new ArrayList<>(pods.keySet());
                Collections.rotate(turn, round);
                for (String name : turn) {
                    long cost = cost(pods.get(name), "ben" + round);
                    if (round > 0) {
                        costs.get(name).add(cost);
                    }
                }
            }

            long least = median(costs.get("off"));
            costs.forEach((name, each) -> System.out.printf(
                    "%-16s %d us of CPU per message to %d subscribers, with broker and clients (%.2f)%n",
                    name, median(each) / 1_000, LISTENERS, (double) median(each) / least));
        }
    }

    /** In nanoseconds of CPU per message. */
    private static long cost(Chat chat, String user) {
        List<Following> listeners = IntStream.range(0, LISTENERS)
                .mapToObj(i -> chat.follow(user, "earliest"))
                .toList();
        chat.send("anna", user, "first");
        listeners.forEach(listener -> listener.await(1));
        long begin = cpu();
        for (int sent = 0; sent < MESSAGES; sent += AT_ONCE) {
            CompletableFuture.allOf(IntStream.range(0, AT_ONCE)
                            .mapToObj(i -> chat.sendAsync("anna", user, "hello"))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
        listeners.forEach(listener -> listener.await(MESSAGES + 1, Duration.ofSeconds(60)));
        long spent = cpu() - begin;
        listeners.forEach(Following::close);
        return spent / MESSAGES;
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
