package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import chatql.security.Issuer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two pods in the mode {@code jwt}: a caller of one is authenticated on the other, too, when it stores the data. */
@ExtendWith(KafkaBroker.class)
class AuthIT {
    private static final Issuer ISSUER = new Issuer();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path directory;

    private static World world;
    private static Pod pod;
    private static Chat other;

    @BeforeAll
    static void begin() {
        world = new World(ISSUER.settings(directory));
        pod = world.pod();
        other = world.pod().chat();
    }

    @AfterAll
    static void end() {
        world.close();
    }

    private static Chat chat(String user, String... scopes) {
        return pod.chat().as(ISSUER.bearer(user, scopes));
    }

    private static Chat other(String user, String... scopes) {
        return other.as(ISSUER.bearer(user, scopes));
    }

    @Test
    void tokenSubjectSendsReadsAndSubscribesAsItselfOnEveryPod() {
        for (int i = 0; i < 10; i++) {
            String anna = "anna" + i;
            String ben = "ben" + i;
            try (Following subscription = other(ben).follow(ben, "earliest")) {
                JsonNode sent = chat(anna)
                        .createMessage(Map.of("recipientId", ben, "content", "hello"))
                        .get("message");

                assertThat(sent.get("senderId").stringValue()).isEqualTo(anna);
                subscription.await(1);
                var asked = Map.of("atLeast", sent.get("cursor").stringValue());
                assertThat(page(chat(anna), anna, asked)).hasSize(1);
                assertThat(page(other(anna), anna, asked)).hasSize(1);
                assertThat(page(chat(ben), ben, asked)).hasSize(1);
                assertThat(page(other(ben), ben, asked)).hasSize(1);
            }
        }
    }

    private static JsonNode page(Chat chat, String user, Map<String, String> more) {
        var arguments = new HashMap<String, Object>(more);
        arguments.put("userId", user);
        return chat.page(arguments).get("messages");
    }

    @Test
    void subscriptionWithoutUserIdIsForCaller() {
        try (Following own = chat("carl").follow(null, "earliest")) {
            other("dora").send("dora", "carl", "hello");

            own.await(1);
        }
    }

    @Test
    void callerCannotReadSendOrSubscribeForAnotherUser() {
        for (Chat eve : List.of(chat("eve"), other("eve"))) {
            forbidden(() -> eve.page(Map.of("userId", "anna")));
            forbidden(() -> eve.send("anna", "ben", "not by me"));
            try (Following subscription = eve.follow("anna", null)) {
                assertThat(subscription.awaitEnd().toString()).contains("\"code\":\"FORBIDDEN\"");
            }
        }
    }

    @Test
    void forbiddenAnswerIsSameForUnknownUser() {
        String exists = failure(() -> chat("eve").page(Map.of("userId", "anna")));
        String doesNot = failure(() -> chat("eve").page(Map.of("userId", "nobody-of-that-name")));

        assertThat(exists).isEqualTo(doesNot);
    }

    @Test
    void serviceReadsOrSendsForAllUsersByItsScopes() {
        Chat reader = other("robot", "messages:read:any");
        Chat sender = other("robot", "messages:send:any");

        JsonNode sent = sender.send("gert", "hans", "by the robot");
        assertThat(page(reader, "hans", Map.of("atLeast", sent.get("cursor").stringValue())))
                .hasSize(1);
        forbidden(() -> reader.send("gert", "hans", "no"));
        forbidden(() -> sender.page(Map.of("userId", "hans")));
        try (Following subscription = reader.follow("hans", "earliest")) {
            subscription.await(1);
        }
    }

    @Test
    void usernameIsBoundToSubjectThatClaimsIt() {
        JsonNode created = chat("subject-7").createUser("Ida");

        assertThat(created.get("user").get("userId").stringValue()).isEqualTo("subject-7");
        assertThat(other("eve").userId("Ida").stringValue()).isEqualTo("subject-7");
        assertThat(other("eve").createUser("Ida").get("errors").get(0).stringValue())
                .isEqualTo("Username is taken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeline", "inbox", "duplicate-lookup", "name", "alike", "names"})
    void peerRequestWithoutValidTokenIs401(String path) throws Exception {
        for (String base : List.of("/peer/own/", "/peer/any/")) {
            assertThat(peer(base + path, null, "{}")).isEqualTo(401);
            assertThat(peer(base + path, "Bearer garbage", "{}")).isEqualTo(401);
        }
    }

    @Test
    void peerRequestForAnotherUserIs403() throws Exception {
        String timeline = "{\"user\":\"anna\",\"size\":10,\"latest\":true,\"written\":{}}";
        String inbox = "{\"user\":\"anna\",\"timestamp\":0,\"partition\":0,\"offset\":0,\"end\":0}";
        String first = "{\"sender\":\"anna\",\"recipient\":\"ben\",\"clientMessageId\":\"1\"}";

        assertThat(peer("/peer/any/timeline", ISSUER.bearer("anna"), timeline)).isEqualTo(200);
        assertThat(peer("/peer/any/timeline", ISSUER.bearer("eve"), timeline)).isEqualTo(403);
        assertThat(peer("/peer/any/inbox", ISSUER.bearer("eve"), inbox)).isEqualTo(403);
        assertThat(peer("/peer/any/duplicate-lookup", ISSUER.bearer("eve"), first))
                .isEqualTo(403);
        assertThat(peer("/peer/own/timeline", ISSUER.bearer("eve"), timeline)).isEqualTo(403);
        assertThat(peer("/peer/own/duplicate-lookup", ISSUER.bearer("eve", "messages:read:any"), first))
                .isEqualTo(403);
    }

    @Test
    void batchedInboxRequestsAreAuthorizedOneByOne() throws Exception {
        String inbox = "{\"user\":\"anna\",\"timestamp\":0,\"partition\":0,\"offset\":0,\"end\":0}";
        String asked = Stream.of(ISSUER.bearer("anna"), ISSUER.bearer("eve"), "Bearer garbage", null)
                .map(shown -> "{\"authorization\":%s,\"inbox\":%s}"
                        .formatted(shown == null ? null : "\"" + shown + "\"", inbox))
                .collect(Collectors.joining(",", "[", "]"));

        // Either pod may store anna's partition; she has access on both.
        assertThat(statuses("/peer/any/inboxes", asked)).isEqualTo(Map.of(-1, 200, 0, 200, 1, 403, 2, 401, 3, 401));
        assertThat(statuses("/peer/own/inboxes", asked))
                .containsAllEntriesOf(Map.of(-1, 200, 1, 403, 2, 401, 3, 401))
                .hasEntrySatisfying(0, status -> assertThat(status).isIn(200, 503));
    }

    /** The status of the response to each. */
    private static Map<Integer, Integer> statuses(String path, String asked) throws Exception {
        // The credentials of the operations count, not the request's.
        var request = peerRequest(path, ISSUER.bearer("anna", "messages:read:any"), asked);
        return HTTP.send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .map(JSON::readTree)
                .collect(Collectors.toMap(
                        answer -> answer.get("of").intValue(),
                        answer -> answer.get("status").intValue()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            timeline | {'user':'anna','size':10,'latest':true,'written':{'4':1}}
            timeline | {'user':'anna','size':10,'latest':true,'written':{'-3':1}}
            timeline | {'user':'anna','size':10,'latest':true}
            timeline | {'user':'anna','size':1001,'latest':true,'written':{}}
            timeline | {'user':' ','size':10,'latest':true,'written':{}}
            timeline | {'size':10,'latest':true,'written':{}}
            timeline | {'user':'anna','size':10,'latest':true,'after':'garbage','written':{}}
            inbox    | {'user':'anna','timestamp':0,'partition':4,'offset':0,'end':0}
            inbox    | {'user':'anna','timestamp':0,'partition':-1,'offset':0,'end':0}
            inboxes  | {}
            inboxes  | [null]
            inboxes  | [{'authorization':null}]
            inboxes  | [{'inbox':{'user':'anna','timestamp':0,'partition':4,'offset':0,'end':0}}]
            duplicate-lookup | {'sender':'anna','recipient':'ben'}
            name     | {'name':'','offset':0}
            alike    | {'partition':1,'name':'anna'}
            alike    | {'partition':0,'name':' '}
            names    | {'partition':1,'size':10,'prefix':''}
            names    | {'partition':0,'size':0,'prefix':''}
            names    | []
            name     | ""
            names    | {
            """)
    void malformedPeerRequestIs400(String path, String body) throws Exception {
        for (String base : List.of("/peer/own/", "/peer/any/")) {
            assertThat(peer(base + path, ISSUER.bearer("anna"), body.replace('\'', '"')))
                    .isEqualTo(400);
        }
    }

    @Test
    void introspectionAndGraphiqlAreUnavailableWithJwt() throws Exception {
        String schema = failure(() -> chat("anna").execute("{ __schema { types { name } } }", Map.of()));
        var page = HTTP.send(
                HttpRequest.newBuilder(pod.uri().resolve("/graphiql/")).build(),
                HttpResponse.BodyHandlers.discarding());

        assertThat(schema).contains("ntrospection");
        assertThat(page.statusCode()).isEqualTo(404);
    }

    @Test
    void expiredTokenClosesSocketWith4403() {
        try (Following subscription =
                pod.chat().as(ISSUER.bearer("kim", Duration.ofSeconds(-28))).follow("kim", "earliest")) {
            await("the token to expire").atMost(Duration.ofSeconds(20)).until(() -> subscription.closed() != null);

            assertThat(subscription.closed()).isEqualTo(4403);
        }
    }

    private static int peer(String path, String authorization, String body) throws Exception {
        return HTTP.send(peerRequest(path, authorization, body), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest peerRequest(String path, String authorization, String body) {
        var request = HttpRequest.newBuilder(pod.uri().resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }

    private static void forbidden(ThrowingCallable operation) {
        assertThat(failure(operation)).contains("\"code\":\"FORBIDDEN\"");
    }

    private static String failure(ThrowingCallable operation) {
        Throwable failure = catchThrowable(operation);
        assertThat(failure).isNotNull();
        return failure.toString();
    }
}
