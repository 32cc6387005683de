package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Three pods, each of which stores some partitions of history; one is killed, and one is added. */
@ExtendWith(KafkaBroker.class)
class ThreePodsIT {
    private static final int USERS = 1_000;
    private static final int AT_ONCE = 16;
    /** More than a conversation has. A pod answers fewer large pages at once. */
    private static final int PAGE = 100;

    /** Runs waiting tasks: they must not block the pool that completes what they wait for. */
    private static final Executor THREADS = Thread.ofVirtual()::start;

    @Test
    void podsAnswerAlikeWhileOnePodIsKilledAndOneIsAdded() throws Exception {
        try (var world = new World("chatql.topics.partitions=12");
                var killed = new PodProcess(world, "killed")) {
            Chat first = world.pod().chat();
            Chat second = world.pod().chat();
            var conversations = new Conversations();

            List<Chat> three = List.of(first, second, killed.chat());
            conversations.say(three, 2);
            int compared = conversations.compareWhileTheyGoOn(three);
            long atStart = conversations.away.getAndSet(0);
            List<Chat> two = List.of(first, second);
            long unavailable;
            try (var probe = new Probe(conversations, two)) {
                killed.kill();
                conversations.say(two, 1);
                unavailable = probe.untilAllAnswer();
            }
            compared += conversations.compareWhileTheyGoOn(two);
            conversations.away.set(0);
            Chat added = world.pod().chat();
            List<Chat> threeAgain = List.of(first, second, added);
            conversations.say(threeAgain, 1);
            compared += conversations.compareWhileTheyGoOn(threeAgain);
            conversations.compare(threeAgain);
            long afterAdding = conversations.away.get();

            System.out.printf(
                    "Three pods: %d users, %d messages acknowledged, %d responses compared while messages flowed, none"
                            + " incomplete; the longest time that a history was unavailable: %d ms at the start, %d ms"
                            + " after a pod was killed, %d ms after one was added%n",
                    USERS, conversations.acknowledged(), compared, atStart, unavailable, afterAdding);
            assertThat(unavailable).isLessThan(10_000);
        }
    }

    @Test
    void concurrentClaimsOnThreePodsHaveOneWinnerPerNameAndUniqueIds() {
        try (var world = new World("chatql.topics.user-partitions=3")) {
            List<Chat> pods =
                    List.of(world.pod().chat(), world.pod().chat(), world.pod().chat());
            world.awaitUsersOnEachPod();

            List<JsonNode> answers = atOnce(1_000, claim -> pods.get(claim % 3).createUserAsync("name" + claim % 400));

            List<JsonNode> won = answers.stream()
                    .filter(answer -> answer.get("success").booleanValue())
                    .toList();
            assertThat(won).hasSize(400);
            assertThat(won)
                    .extracting(answer -> answer.get("user").get("username").stringValue())
                    .doesNotHaveDuplicates();
            assertThat(won)
                    .extracting(answer -> answer.get("user").get("userId").stringValue())
                    .doesNotHaveDuplicates();
            assertThat(answers)
                    .filteredOn(answer -> !answer.get("success").booleanValue())
                    .allSatisfy(answer -> assertThat(answer.get("errors").get(0).stringValue())
                            .isEqualTo("Username is taken"));
            for (JsonNode winner : won) {
                JsonNode user = winner.get("user");
                assertThat(pods)
                        .allSatisfy(pod -> assertThat(
                                        pod.userId(user.get("username").stringValue()))
                                .isEqualTo(user.get("userId")));
            }
        }
    }

    /** Pairs of users who write to each other, and the acknowledged messages. */
    private static final class Conversations {
        private record Said(String content, String cursor) {}

        private final Map<String, List<Said>> acknowledged = new ConcurrentHashMap<>();
        private final Set<String> attempted = ConcurrentHashMap.newKeySet();
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicLong away = new AtomicLong();
        private int round;

        private static String user(int number) {
            return "user" + number;
        }

        private static int partner(int number) {
            return number ^ 1;
        }

        int acknowledged() {
            return acknowledged.values().stream().mapToInt(List::size).sum();
        }

        /** Every user sends a number of messages to their partner; those sent while a pod is killed may fail. */
        void say(List<Chat> pods, int times) {
            IntStream.range(0, times).forEach(time -> sayAsync(pods, ++round).join());
        }

        private CompletableFuture<Void> sayAsync(List<Chat> pods, int now) {
            return CompletableFuture.runAsync(
                    () -> atOnce(USERS, number -> {
                        String content = user(number) + "/" + now;
                        attempted.add(content);
                        Chat pod = pods.get(count.getAndIncrement() % pods.size());
                        return pod.sendAsync(user(number), user(partner(number)), content)
                                .thenAccept(sent -> acknowledged
                                        .computeIfAbsent(user(number), user -> new CopyOnWriteArrayList<>())
                                        .add(new Said(
                                                content, sent.get("cursor").stringValue())));
                    }),
                    THREADS);
        }

        /** Queries every user's history on all pods while all users keep sending; returns the number of responses. */
        int compareWhileTheyGoOn(List<Chat> pods) {
            CompletableFuture<Void> going = sayAsync(pods, ++round);
            int compared = compare(pods);
            going.join();
            return compared;
        }

        /** Every pod has all messages of both that were acknowledged before the query, in one order, and none twice. */
        int compare(List<Chat> pods) {
            atOnce(USERS, number -> {
                List<Said> own = said(number);
                List<Said> others = said(partner(number));
                Said before = others.getLast();
                List<CompletableFuture<List<String>>> answers = pods.stream()
                        .map(pod -> asked(pod, number, own.getLast().cursor())
                                .thenCompose(nothing -> asked(pod, number, before.cursor())))
                        .toList();
                return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .thenAccept(all -> {
                            List<String> first = known(answers.getFirst().join(), own, others);
                            assertThat(first)
                                    .as("history of " + user(number))
                                    .doesNotHaveDuplicates()
                                    .containsAll(contents(own))
                                    .containsAll(contents(others));
                            answers.forEach(answer -> {
                                assertThat(answer.join())
                                        .isNotEmpty()
                                        .allSatisfy(content -> assertThat(attempted.contains(content))
                                                .as(content)
                                                .isTrue());
                                assertThat(known(answer.join(), own, others)).isEqualTo(first);
                            });
                        });
            });
            return USERS * pods.size();
        }

        private List<Said> said(int number) {
            return List.copyOf(acknowledged.get(user(number)));
        }

        private static List<String> contents(Collection<Said> messages) {
            return messages.stream().map(Said::content).toList();
        }

        /** The messages of a response that had been acknowledged before the query. */
        private static List<String> known(List<String> answer, List<Said> own, List<Said> others) {
            var known = new HashSet<>(contents(own));
            known.addAll(contents(others));
            return answer.stream().filter(known::contains).toList();
        }

        /** Retries while history is moving, and records the longest time in {@link #away}. */
        private CompletableFuture<List<String>> asked(Chat pod, int number, String atLeast) {
            long begin = System.nanoTime();
            return CompletableFuture.supplyAsync(
                    () -> {
                        JsonNode page = pod.page(Map.of("userId", user(number), "last", PAGE, "atLeast", atLeast));
                        while (!page.get("success").booleanValue()) {
                            assertThat(page.get("errors").get(0).stringValue()).endsWith("try again");
                            away.accumulateAndGet((System.nanoTime() - begin) / 1_000_000, Math::max);
                            assertThat(away.get()).isLessThan(30_000);
                            page = pod.page(Map.of("userId", user(number), "last", PAGE, "atLeast", atLeast));
                        }
                        return contents(page);
                    },
                    THREADS);
        }

        static List<String> contents(JsonNode page) {
            assertThat(page.get("success").booleanValue()).as(page.toString()).isTrue();
            return page.get("messages")
                    .valueStream()
                    .map(message -> message.get("content").stringValue())
                    .toList();
        }
    }

    /** Queries the history of some users repeatedly. */
    private static final class Probe implements AutoCloseable {
        private static final int PROBED = 40;
        /** Between two queries of a user. Without it they take the processors from the pods whose return they measure. */
        private static final Duration PAUSE = Duration.ofMillis(50);

        private final Conversations conversations;
        private final List<Chat> pods;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final long begin = System.nanoTime();
        /** By user: when its history was last unavailable, and when it was available again; in nanoseconds. */
        private final Map<Integer, Long> lastAway = new ConcurrentHashMap<>();

        private final Map<Integer, Long> thereAgain = new ConcurrentHashMap<>();
        private final List<String> wrong = new ArrayList<>();
        private final List<CompletableFuture<Void>> asking = new ArrayList<>();

        Probe(Conversations conversations, List<Chat> pods) {
            this.conversations = conversations;
            this.pods = pods;
            IntStream.range(0, PROBED)
                    .forEach(number -> asking.add(CompletableFuture.runAsync(() -> probe(number), THREADS)));
        }

        private void probe(int number) {
            // A response may lack what was acknowledged just before the query, except after a migration.
            List<Conversations.Said> required = conversations.said(Conversations.partner(number));
            for (int turn = 0; !ended.get(); turn++) {
                List<Conversations.Said> received = conversations.said(Conversations.partner(number));
                JsonNode page =
                        pods.get(turn % pods.size()).page(Map.of("userId", Conversations.user(number), "last", PAGE));
                long now = System.nanoTime();
                if (!page.get("success").booleanValue()) {
                    lastAway.put(number, now);
                    thereAgain.remove(number);
                    required = received;
                } else {
                    thereAgain.putIfAbsent(number, now);
                    judge(number, required, Conversations.contents(page));
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }

        /** Nothing is missing, whichever pod stores the history now. */
        private void judge(int number, List<Conversations.Said> required, List<String> answer) {
            List<String> missing = Conversations.contents(required).stream()
                    .filter(content -> !answer.contains(content))
                    .toList();
            synchronized (wrong) {
                if (!missing.isEmpty()) {
                    wrong.add(Conversations.user(number) + " lacks " + missing);
                }
            }
        }

        /** Returns how long it took until every user's history was available for good, in milliseconds. */
        long untilAllAnswer() {
            await("an unavailable history").atMost(Duration.ofSeconds(20)).until(() -> !lastAway.isEmpty());
            await("all histories to be available")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> thereAgain.size() == PROBED);
            return lastAway.keySet().stream().mapToLong(thereAgain::get).max().orElseThrow() / 1_000_000
                    - begin / 1_000_000;
        }

        @Override
        public void close() {
            ended.set(true);
            asking.forEach(CompletableFuture::join);
            assertThat(wrong).isEmpty();
        }
    }

    /** Runs the step a number of times, with bounded concurrency. */
    private static <T> List<T> atOnce(int times, IntFunction<CompletableFuture<T>> work) {
        var permits = new Semaphore(AT_ONCE);
        List<CompletableFuture<T>> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            permits.acquireUninterruptibly();
            CompletableFuture<T> one = work.apply(i);
            one.whenComplete((done, failure) -> permits.release());
            all.add(one);
        }
        return all.stream().map(CompletableFuture::join).toList();
    }
}
