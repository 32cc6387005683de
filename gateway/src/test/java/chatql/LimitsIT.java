package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A pod with low rate limits for writes. */
@ExtendWith(KafkaBroker.class)
class LimitsIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static World world;
    private static Pod pod;

    @BeforeAll
    static void begin() {
        world = new World(
                "chatql.limits.messages-per-user=2", "chatql.limits.messages-per-address=4", "chatql.limits.proxies=1");
        pod = world.pod();
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void rateLimitedUserGetsRetryAfterAndOthersAreUnaffected() throws Exception {
        try (Following bert = pod.chat().follow("bert", null)) {
            await().until(() -> pod.scrape().sum("chatql_tap_listeners") > 0);

            AtomicInteger accepted = new AtomicInteger();
            JsonNode refused = untilRefused(i -> send("anna", "1.1.1." + i % 250), accepted);

            assertThat(accepted).hasValueGreaterThanOrEqualTo(10);
            assertThat(refused.at("/errors/0/message").stringValue())
                    .isEqualTo("Too many messages of one user in a short time: try again later");
            assertThat(refused.at("/errors/0/extensions/retryAfter").longValue())
                    .isBetween(1L, 501L);
            assertThat(refused.at("/data/createMessage").isNull()).isTrue();
            assertThat(code(send("carl", "1.1.3.1"))).isEmpty();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> code(send("anna", "1.1.4.1")).isEmpty());
            assertThat(pod.scrape().sum("chatql_limits_rejected_total", "limit=messages-per-user"))
                    .isPositive();
            bert.await(accepted.get() + 2);
        }
    }

    @Test
    void manyUsersOfOneAddressShareItsLimit() throws Exception {
        AtomicInteger accepted = new AtomicInteger();

        untilRefused(i -> send("user" + i, "2.2.2.2"), accepted);

        assertThat(accepted).hasValueGreaterThanOrEqualTo(20);
        assertThat(code(send("another", "3.3.3.3"))).isEmpty();
        assertThat(pod.scrape().sum("chatql_limits_rejected_total", "limit=messages-per-address"))
                .isPositive();
    }

    /** Sends until one is rejected, and counts the accepted ones. */
    private static JsonNode untilRefused(IntFunction<JsonNode> sending, AtomicInteger accepted) {
        return IntStream.range(0, 10_000)
                .mapToObj(sending)
                .filter(answer -> {
                    boolean taken = code(answer).isEmpty();
                    accepted.addAndGet(taken ? 1 : 0);
                    return !taken;
                })
                .filter(answer -> code(answer).equals("RATE_LIMITED"))
                .findFirst()
                .orElseThrow();
    }

    private static String code(JsonNode answer) {
        return answer.at("/errors/0/extensions/code").asString("");
    }

    private static JsonNode send(String sender, String address) {
        String query = "mutation { createMessage(senderId: \\\"" + sender
                + "\\\", recipientId: \\\"bert\\\", content: \\\"hi\\\") { success } }";
        try {
            return JsonMapper.shared()
                    .readTree(HTTP.send(
                                    HttpRequest.newBuilder(pod.chat().uri())
                                            .header("Content-Type", "application/json")
                                            .header("X-Forwarded-For", address)
                                            .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"" + query + "\"}"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofByteArray())
                            .body());
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
