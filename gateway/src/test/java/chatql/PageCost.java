package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Prints the time of pages at the end, at the beginning, in the middle and of one conversation, in timelines of 10, ten
 * thousand and a million messages.
 */
@Tag("long")
@ExtendWith(KafkaBroker.class)
class PageCost {
    private static final int[] SIZES = {10, 10_000, 1_000_000};
    private static final int PARTNERS = 10;
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 100;

    @Test
    void pageCostIsIndependentOfHistoryLength() throws Exception {
        try (var world = new World();
                var topic = new Topic(world, Map.of("batch.size", 1 << 18, "linger.ms", 5))) {
            Chat chat = world.pod().chat();
            long begin = System.nanoTime();
            for (int size : SIZES) {
                say(topic, size);
            }
            var pages = new TreeMap<String, Map<String, ?>>();
            for (int size : SIZES) {
                await("all of " + user(size)).atMost(Duration.ofMinutes(20)).until(() -> isThere(chat, size));
                pages.putAll(pages(chat, size));
            }
            System.out.printf("All in history after %d s%n", (System.nanoTime() - begin) / 1_000_000_000);

            Map<String, List<Long>> times = new TreeMap<>();
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                boolean counts = round >= WARM_UP;
                pages.forEach((name, arguments) -> {
                    long took = time(chat, arguments);
                    if (counts) {
                        times.computeIfAbsent(name, first -> new ArrayList<>()).add(took);
                    }
                });
            }
            times.forEach((name, all) -> System.out.printf(
                    "%-40s median %6.2f ms, 90%% below %6.2f ms%n", name, quantile(all, 0.5), quantile(all, 0.9)));
        }
    }

    private static String user(int size) {
        return "with-" + size;
    }

    /** Half of the messages are sent, half received, in turns with each partner. */
    private static void say(Topic topic, int size) {
        for (int i = 0; i < size; i++) {
            String partner = partner(i);
            String content = "message " + i + " of " + size
                    + ", as long as messages often are: about a hundred characters or a few more";
            topic.send(i % 2 == 0 ? partner : user(size), i % 2 == 0 ? user(size) : partner, content);
        }
        topic.producer().flush();
    }

    /** Checks for the last message with each partner, which all others precede. */
    private static boolean isThere(Chat chat, int size) {
        return IntStream.range(Math.max(0, size - 2 * PARTNERS), size).allMatch(i -> {
            JsonNode page = chat.page(Map.of("userId", user(size), "with", partner(i), "last", 100));
            return page.get("success").booleanValue()
                    && page.get("messages")
                            .valueStream()
                            .anyMatch(message ->
                                    message.get("content").stringValue().startsWith("message " + i + " "));
        });
    }

    private static String partner(int message) {
        return "partner" + message / 2 % PARTNERS;
    }

    private static Map<String, Map<String, ?>> pages(Chat chat, int size) {
        String middle = chat.page(Map.of("userId", user(size), "first", Math.min(1_000, size / 2)))
                .get("pageInfo")
                .get("endCursor")
                .stringValue();
        var pages = new HashMap<String, Map<String, ?>>();
        String name = "%,9d messages, ".formatted(size);
        pages.put(name + "last 50", Map.of("userId", user(size), "last", 50));
        pages.put(name + "first 50", Map.of("userId", user(size), "first", 50));
        pages.put(name + "50 after a cursor", Map.of("userId", user(size), "first", 50, "after", middle));
        pages.put(name + "last 50 with one", Map.of("userId", user(size), "last", 50, "with", "partner3"));
        pages.put(name + "last 500", Map.of("userId", user(size), "last", 500));
        return pages;
    }

    private static long time(Chat chat, Map<String, ?> arguments) {
        long begin = System.nanoTime();
        JsonNode page = chat.page(arguments);
        long took = System.nanoTime() - begin;
        assertThat(page.get("success").booleanValue()).isTrue();
        return took;
    }

    private static double quantile(List<Long> times, double share) {
        List<Long> sorted = times.stream().sorted().toList();
        return sorted.get((int) (share * (sorted.size() - 1))) / 1e6;
    }
}
