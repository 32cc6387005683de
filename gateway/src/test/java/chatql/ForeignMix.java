package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends records of another service through one pod: nine in ten are valid, the rest evenly of each other kind. All of
 * them are accounted for.
 */
final class ForeignMix {
    private static final int USERS = 100;
    private static final int PARTITIONS = 4;

    /**
     * Kinds of other records: how they are written, and the reason of the dead letter; no reason where the record is
     * rerouted instead.
     */
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

    /** A subscription as an event stream, and the numbers of the messages that it received. */
    private record Heard(List<Integer> numbers, Disposable stream) {
        static Heard of(Chat chat, String user) {
            List<Integer> numbers = Collections.synchronizedList(new ArrayList<>());
            String document =
                    "subscription { messages(userId: \"%s\", after: \"earliest\") { content } }".formatted(user);
            Disposable stream = WebClient.create()
                    .post()
                    .uri(chat.uri())
                    .header("Content-Type", "application/json")
                    .header("Accept", "text/event-stream")
                    .bodyValue(JsonMapper.shared().writeValueAsString(Map.of("query", document)))
                    .retrieve()
                    .bodyToFlux(String.class)
                    .filter(event -> !event.isEmpty())
                    .subscribe(event -> numbers.add(number(JsonMapper.shared()
                            .readTree(event)
                            .at("/data/messages/content")
                            .stringValue())));
            return new Heard(numbers, stream);
        }

        int count() {
            return numbers.size();
        }

        void close() {
            stream.dispose();
        }
    }

    private final int count;

    ForeignMix(int count) {
        this.count = count;
    }

    /**
     * @param chat a client of the only pod
     * @param counted the pod's meters
     */
    void run(World world, Chat chat, Supplier<Scrape> counted, Duration patience) throws Exception {
        try (var topic = new Topic(world, Map.of("batch.size", 1 << 18, "linger.ms", 5))) {
            List<BitSet> shown = IntStream.range(0, USERS).mapToObj(this::shown).toList();
            List<Heard> live = IntStream.range(0, USERS)
                    .mapToObj(user -> Heard.of(chat, user(user)))
                    .toList();
            await().until(() -> counted.get().sum("chatql_subscriptions_live") == USERS);
            long begin = System.nanoTime();
            IntStream.range(0, count).forEach(record -> topic.producer().send(record(world, record)));
            topic.producer().flush();
            long written = System.nanoTime();
            await("the delivery of all")
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> IntStream.range(0, USERS)
                            .allMatch(user ->
                                    live.get(user).count() >= shown.get(user).cardinality()));
            long received = System.nanoTime();
            int dead = dead().values().stream().mapToInt(letters -> letters).sum();
            await("the count of all dead letters")
                    .atMost(patience)
                    .until(() -> counted.get().sum("chatql_dead_letters_total") >= dead);

            check(world, chat, live, shown);
            live.forEach(Heard::close);
            print(
                    written - begin,
                    received - begin,
                    live.stream().mapToInt(Heard::count).sum(),
                    dead,
                    counted.get());
        }
    }

    private void check(World world, Chat chat, List<Heard> live, List<BitSet> shown) {
        for (int user = 0; user < USERS; user++) {
            List<Integer> received = live.get(user).numbers();
            var each = new BitSet();
            received.forEach(each::set);
            assertThat(received)
                    .as("delivered to %s", user(user))
                    .hasSize(shown.get(user).cardinality());
            assertThat(each).as("delivered to %s", user(user)).isEqualTo(shown.get(user));
            assertThat(history(chat, user(user)))
                    .as("stored for %s", user(user))
                    .isEqualTo(received);
        }
        // By original position: after a crash a letter may be there twice.
        var reasons = new HashMap<String, String>();
        TopicRecords.all(world.topic("messages.dlt"), 0)
                .forEach(letter -> reasons.put(
                        TopicRecords.header(letter, "chatql-partition") + "-"
                                + TopicRecords.header(letter, "chatql-offset"),
                        TopicRecords.header(letter, "chatql-reason")));
        var letters = new TreeMap<String, Integer>();
        reasons.values().forEach(reason -> letters.merge(reason, 1, Integer::sum));
        assertThat(letters).isEqualTo(dead());
    }

    private void print(long writing, long hearing, int messages, int dead, Scrape scrape) {
        System.out.printf(
                "%,d records of another service, written in %.1f s: %,d messages, each delivered to one of %d subscribers and"
                        + " stored once, %,d dead letters; all delivered %.1f s after the first was written: %,.0f records/s%n",
                count, writing / 1e9, messages, USERS, dead, hearing / 1e9, count / (hearing / 1e9));
        System.out.printf(
                "Of the messages, %,d had to be rerouted; the pod has counted %,.0f rerouted records, %,.0f duplicates and"
                        + " %,.0f dead letters%n",
                rewritten(),
                scrape.sum("chatql_records_rerouted_total"),
                scrape.sum("chatql_records_duplicates_total"),
                scrape.sum("chatql_dead_letters_total"));
    }

    // --- records

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
        // The users alternate by hundreds, so each of them gets some of every kind in the end.
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

    /** The number of the record with that content. */
    private static int number(String content) {
        return Integer.parseInt(content.substring(1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // --- expected results

    private BitSet shown(int user) {
        var shown = new BitSet(count);
        for (int number = user; number < count; number += USERS) {
            Kind kind = kind(number);
            shown.set(number, kind == null || kind.reason == null);
        }
        return shown;
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

    private static List<Integer> history(Chat chat, String user) {
        List<Integer> all = new ArrayList<>();
        Map<String, Object> next = Map.of("userId", user, "first", 1_000);
        while (true) {
            JsonNode page = chat.page(next);
            assertThat(page.get("success").booleanValue())
                    .as(page.get("errors").toString())
                    .isTrue();
            page.get("messages").findValuesAsString("content").forEach(content -> all.add(number(content)));
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
