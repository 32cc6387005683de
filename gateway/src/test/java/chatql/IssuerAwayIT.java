package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.security.Issuer;
import chatql.security.KeyServer;
import chatql.security.KeyServer.Manner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway whose issuer accepts connections and never responds: callers with valid tokens are not affected. */
@ExtendWith(KafkaBroker.class)
class IssuerAwayIT {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Issuer ISSUER = new Issuer();

    private static KeyServer server;
    private static World world;
    private static Pod pod;

    @BeforeAll
    static void begin() {
        server = new KeyServer(ISSUER);
        world = new World(
                "chatql.auth.mode=jwt",
                "chatql.auth.jwks-uri=" + server.url(),
                "chatql.auth.audience=" + Issuer.AUDIENCE,
                "chatql.auth.jwks-refresh=1s");
        pod = world.pod();
    }

    @AfterAll
    static void end() {
        world.close();
        server.close();
    }

    @BeforeEach
    void well() {
        server.answer(Manner.WELL);
        await("the first fetch of keys").atMost(Duration.ofSeconds(30)).until(() -> up() == 1);
    }

    private static double up() {
        return pod.scrape().sum("chatql_issuer_up");
    }

    @Test
    void validTokensAreAcceptedAndOutageIsReported() throws Exception {
        server.answer(Manner.SILENT);
        await("the failed fetch").atMost(Duration.ofSeconds(30)).until(() -> up() == 0);

        for (int i = 0; i < 100; i++) {
            Instant asked = Instant.now();
            assertThat(hello(ISSUER.bearerWithKeyId("anna", LONG))).isEqualTo(200);
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(1));
        }
        assertThat(pod.isReady()).isTrue();
        assertThat(readiness().at("/components/issuer/details/reason").stringValue())
                .isEqualTo("Cannot fetch the issuer's keys: using the previous ones");
        assertThat(pod.scrape().sum("chatql_issuer_fetches_total", "outcome=failed"))
                .isPositive();
        assertThat(pod.scrape().sum("chatql_issuer_keys_age_seconds")).isPositive();
    }

    @Test
    void tokenWithUnknownKeyIs503AtOnceWhileIssuerIsSilent() throws Exception {
        server.answer(Manner.SILENT);
        await("the failed fetch").atMost(Duration.ofSeconds(30)).until(() -> up() == 0);

        String token = new Issuer().bearerWithKeyId("anna", LONG);
        for (int i = 0; i < 50; i++) {
            Instant asked = Instant.now();
            assertThat(hello(token)).isEqualTo(503);
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void expiredTokenClosesSocketWhileIssuerIsSilent() {
        // The clocks may differ by 30 s.
        Instant end = Instant.now().plusSeconds(8);
        String token = ISSUER.bearerWithKeyId("kim", Duration.ofSeconds(8 - 30));
        try (Following subscription = pod.chat().as(token).follow("kim", "earliest")) {
            server.answer(Manner.SILENT);

            await("the token to expire").atMost(Duration.ofSeconds(20)).until(() -> subscription.closed() != null);
            assertThat(subscription.closed()).isEqualTo(4403);
            assertThat(Instant.now()).isBetween(end.minusSeconds(1), end.plusSeconds(3));
        }
    }

    @Test
    void inventedKeyIdsCauseNoFetchFromIssuer() {
        try (var others = new World(
                "chatql.auth.mode=jwt",
                "chatql.auth.jwks-uri=" + server.url(),
                "chatql.auth.audience=" + Issuer.AUDIENCE,
                "chatql.auth.jwks-refresh=1h")) {
            Pod other = others.pod();
            URI api = other.uri().resolve("/graphql");
            double before = fetches(other);
            Instant begin = Instant.now();

            var answers = IntStream.range(0, 300)
                    .mapToObj(i -> ISSUER.withKeyId(UUID.randomUUID().toString(), "anna", LONG))
                    .map(token ->
                            HTTP.sendAsync(request(api, "Bearer " + token), HttpResponse.BodyHandlers.discarding()))
                    .toList();
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isIn(401, 429));
            long pauses = Duration.between(begin, Instant.now()).toSeconds() / 10 + 1;
            assertThat(fetches(other) - before).isLessThanOrEqualTo(pauses);
        }
    }

    private static double fetches(Pod of) {
        return of.scrape().sum("chatql_issuer_fetches_total");
    }

    @Test
    void firstTokenOfNewKeyIsAccepted() throws Exception {
        var next = new Issuer();
        server.show(ISSUER, next);
        try {
            await("the issuer's key")
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> hello(next.bearerWithKeyId("anna", LONG)) == 200);
        } finally {
            server.show(ISSUER);
        }
    }

    private static int hello(String authorization) throws Exception {
        return HTTP.send(request(pod.uri().resolve("/graphql"), authorization), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest request(URI api, String authorization) {
        return HttpRequest.newBuilder(api)
                .header("Content-Type", "application/json")
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{hello}\"}"))
                .build();
    }

    private static JsonNode readiness() throws Exception {
        var request = HttpRequest.newBuilder(pod.management().resolve("/actuator/health/readiness"))
                .build();
        return JsonMapper.shared()
                .readTree(
                        HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
