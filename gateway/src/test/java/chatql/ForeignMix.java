package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Records of another service through one pod: nine in ten as they should be, the rest evenly of each kind that isn't. All of
 * them are accounted for.
 */
final class ForeignMix {
    private static final int USERS = 100;
    private static final int PARTITIONS = 4;

    /** What comes in wrong: as it is written, and why it is set aside; no reason where it is written again instead. */
    private enum Kind {
        NOT_JSON("not JSON"),
        NO_OBJECT("not a JSON object"),
        NO_VALUE("no value"),
        NO_SENDER("senderId is missing"),
        WRONG_TYPE("content is not a string"),
        BLANK_ID("recipientId must not be blank"),
        LONG_ID("senderId must not be longer than 128 characters"),
        NO_KEY(null),
        OTHER_KEY(null),
        OTHER_PARTITION(null);

        private final @Nullable String reason;

        Kind(@Nullable String reason) {
            this.reason = reason;
        }
    }

    private final int count;

    ForeignMix(int count) {
        this.count = count;
    }

    void run(Duration patience) throws Exception {
        try (var world = new World();
                var topic = new Topic(world, Map.of("batch.size", 1 << 18, "linger.ms", 5))) {
            Pod pod = world.pod();
            List<Following> live = IntStream.range(0, USERS)
                    .mapToObj(user -> pod.chat().follow(user(user), "earliest"))
                    .toList();
            await().until(() -> pod.scrape().sum("chatql_subscriptions_live") == USERS);
            long begin = System.nanoTime();
            IntStream.range(0, count).forEach(record -> topic.producer().send(record(world, record)));
            topic.producer().flush();
            long written = System.nanoTime();
            for (int user = 0; user < USERS; user++) {
                live.get(user).await(shown(user).size(), patience);
            }
            long heard = System.nanoTime();
            await("all dead letters to be counted")
                    .atMost(patience)
                    .until(() -> pod.scrape().sum("chatql_dead_letters_total")
                            == dead().values().stream().mapToInt(n -> n).sum());

            check(world, pod, live);
            System.out.printf(
                    "%,d records of another service: written in %.1f s; %,d messages, %,d of them written again, heard by %d"
                            + " subscribers and in history, and %,d dead letters, %.1f s after the first: %,.0f records/s%n",
                    count,
                    (written - begin) / 1e9,
                    live.stream().mapToInt(Following::count).sum(),
                    rewritten(),
                    USERS,
                    dead().values().stream().mapToInt(n -> n).sum(),
                    (heard - begin) / 1e9,
                    count / ((heard - begin) / 1e9));
            live.forEach(Following::close);
        }
    }

    private void check(World world, Pod pod, List<Following> live) {
        for (int user = 0; user < USERS; user++) {
            List<String> heard = live.get(user).contents();
            assertThat(heard).as("heard by %s", user(user)).hasSize(shown(user).size());
            assertThat(new HashSet<>(heard)).isEqualTo(shown(user));
            assertThat(history(pod.chat(), user(user)))
                    .as("kept for %s", user(user))
                    .isEqualTo(heard);
        }
        var letters = new TreeMap<String, Integer>();
        Set<String> places = new HashSet<>();
        TopicRecords.all(world.topic("messages.dlt"), 0).forEach(letter -> {
            letters.merge(TopicRecords.header(letter, "chatql-reason"), 1, Integer::sum);
            places.add(TopicRecords.header(letter, "chatql-partition") + "-"
                    + TopicRecords.header(letter, "chatql-offset"));
        });
        assertThat(letters).isEqualTo(dead());
        assertThat(places).hasSize(letters.values().stream().mapToInt(n -> n).sum());
        Scrape scrape = pod.scrape();
        assertThat(scrape.sum("chatql_rewritten_total")).isEqualTo(rewritten());
        assertThat(scrape.sum("chatql_repeats_total")).isZero();
    }

    // --- what is written

    private ProducerRecord<String, byte[]> record(World world, int number) {
        String topic = world.topic("messages");
        String user = user(number);
        Kind kind = kind(number);
        byte[] value = bytes(value("s" + number % 97, user, "m" + number));
        if (kind == null) {
            return new ProducerRecord<>(topic, user, value);
        }
        return switch (kind) {
            case NOT_JSON -> new ProducerRecord<>(topic, user, bytes("m" + number));
            case NO_OBJECT -> new ProducerRecord<>(topic, user, bytes("[" + number + "]"));
            case NO_VALUE -> new ProducerRecord<>(topic, user, null);
            case NO_SENDER ->
                new ProducerRecord<>(
                        topic, user, bytes("{\"recipientId\":\"%s\",\"content\":\"m%d\"}".formatted(user, number)));
            case WRONG_TYPE ->
                new ProducerRecord<>(
                        topic,
                        user,
                        bytes("{\"senderId\":\"s\",\"recipientId\":\"%s\",\"content\":%d}".formatted(user, number)));
            case BLANK_ID -> new ProducerRecord<>(topic, user, bytes(value("s", " ", "m" + number)));
            case LONG_ID -> new ProducerRecord<>(topic, user, bytes(value("s".repeat(129), user, "m" + number)));
            case NO_KEY -> new ProducerRecord<>(topic, null, value);
            case OTHER_KEY -> new ProducerRecord<>(topic, user + "-chat", value);
            case OTHER_PARTITION -> new ProducerRecord<>(topic, (partition(user) + 1) % PARTITIONS, user, value);
        };
    }

    private static @Nullable Kind kind(int number) {
        // The users go round by hundreds; so each of them gets some of every kind in the end.
        return number % 10 == (number / 100) % 10 ? Kind.values()[(number / 10 + number / 1_000) % 10] : null;
    }

    private static int partition(String user) {
        return Utils.toPositive(Utils.murmur2(bytes(user))) % PARTITIONS;
    }

    private static String user(int number) {
        return "user" + number % USERS;
    }

    private static String value(String sender, String recipient, String content) {
        return "{\"senderId\":\"%s\",\"recipientId\":\"%s\",\"content\":\"%s\"}".formatted(sender, recipient, content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // --- what is to become of it

    private final Map<Integer, Set<String>> shown = new HashMap<>();

    private Set<String> shown(int user) {
        return shown.computeIfAbsent(user, unknown -> {
            var contents = new HashSet<String>();
            for (int number = user; number < count; number += USERS) {
                Kind kind = kind(number);
                if (kind == null || kind.reason == null) {
                    contents.add("m" + number);
                }
            }
            return contents;
        });
    }

    private Map<String, Integer> dead() {
        var dead = new TreeMap<String, Integer>();
        IntStream.range(0, count).forEach(number -> {
            Kind kind = kind(number);
            if (kind != null && kind.reason != null) {
                dead.merge(kind.reason, 1, Integer::sum);
            }
        });
        return dead;
    }

    private int rewritten() {
        return (int) IntStream.range(0, count)
                .filter(number -> {
                    Kind kind = kind(number);
                    return kind != null && kind.reason == null;
                })
                .count();
    }

    // ---

    private static List<String> history(Chat chat, String user) {
        List<String> all = new ArrayList<>();
        Map<String, Object> next = Map.of("userId", user, "first", 1_000);
        while (true) {
            JsonNode page = chat.page(next);
            assertThat(page.get("success").booleanValue())
                    .as(page.get("errors").toString())
                    .isTrue();
            all.addAll(page.get("messages").findValuesAsString("content"));
            if (!page.at("/pageInfo/hasNextPage").booleanValue()) {
                return all;
            }
            next = Map.of(
                    "userId",
                    user,
                    "first",
                    1_000,
                    "after",
                    page.at("/pageInfo/endCursor").stringValue());
        }
    }
}
