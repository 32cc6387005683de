package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.KafkaBroker;
import chatql.Pod;
import chatql.World;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway on a developer's machine: the names under which both of its ports are served. */
@ExtendWith(KafkaBroker.class)
@Timeout(60)
class HostsIT {
    private static final String HELLO = "{\"query\":\"{ hello }\"}";

    private static World world;
    private static Pod pod;
    private static Attacker client;

    @BeforeAll
    static void begin() {
        // Where Spring Boot would trust X-Forwarded-For by default, too.
        world = new World("spring.main.cloud-platform=kubernetes", "chatql.limits.connections-per-address=1");
        pod = world.pod();
        client = new Attacker(pod.uri().getPort(), null);
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/chat/page.json", "/graphiql/", "/asyncapi.yaml", "/graphql?query=%7Bhello%7D"})
    void pageIsServedToLoopbackHostsOnly(String address) {
        String request = client.request("GET " + address, "", "Accept: */*");

        assertThat(client.raw(request)).startsWith("HTTP/1.1 200 ");
        assertThat(client.raw(foreign(request))).startsWith("HTTP/1.1 421 ").contains("{\"errors\":[");
    }

    @Test
    void peerRequestIsServedToLoopbackHostsOnly() {
        String request = client.request("POST /peer/own/name", "{\"name\":\"a\",\"offset\":-1}");

        assertThat(client.raw(request)).startsWith("HTTP/1.1 200 ");
        assertThat(client.raw(foreign(request))).startsWith("HTTP/1.1 421 ").contains("{\"errors\":[");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator", "/actuator/health", "/actuator/prometheus", "/actuator/metrics"})
    void managementPortIsServedToLoopbackHostsOnly(String address) {
        Attacker management = new Attacker(pod.management().getPort(), null);
        String request = management.request("GET " + address, "", "Accept: */*");

        assertThat(management.raw(request)).startsWith("HTTP/1.1 200 ");
        assertThat(management.raw(foreign(request))).startsWith("HTTP/1.1 421 ").contains("{\"errors\":[");
        assertThat(management.raw(request.replace("Host: localhost\r\n", ""))).startsWith("HTTP/1.1 400 ");
        assertThat(management.raw(request.replace("Host: localhost\r\n", "").replace("HTTP/1.1", "HTTP/1.0")))
                .contains(" 200 ");
    }

    @Test
    void forwardedHostIsNotTrusted() {
        for (String forwarded : List.of("X-Forwarded-Host: localhost", "Forwarded: host=localhost")) {
            assertThat(client.raw(foreign(client.request("POST /graphql", HELLO, forwarded))))
                    .startsWith("HTTP/1.1 421 ");
            assertThat(client.raw(
                            foreign(client.request("POST /graphql", HELLO, forwarded, "Origin: http://evil.example"))))
                    .startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void forwardedProtoIsTheSchemeOfThePagesOrigin() {
        String origin = "Origin: https://localhost";

        assertThat(client.post(HELLO, origin)).startsWith("HTTP/1.1 403 ").contains("{\"errors\":[");
        assertThat(client.post(HELLO, origin, "X-Forwarded-Proto: https")).startsWith("HTTP/1.1 200 ");
        assertThat(client.post(HELLO, "Origin: https://evil.example", "X-Forwarded-Proto: https"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void forwardedAddressIsIgnoredWithoutProxies() throws Exception {
        String stream = "{\"query\":\"subscription { messages(userId: \\\"a\\\") { id } }\"}";
        try (var first = client.connect()) {
            first.getOutputStream()
                    .write(client.request(
                                    "POST /graphql", stream, "Accept: text/event-stream", "X-Forwarded-For: 1.1.1.1")
                            .getBytes());
            assertThat((char) first.getInputStream().read()).isEqualTo('H');

            assertThat(client.post(stream, "Accept: text/event-stream", "X-Forwarded-For: 2.2.2.2"))
                    .startsWith("HTTP/1.1 429 ");
        }
    }

    private static String foreign(String request) {
        return request.replace("Host: localhost", "Host: evil.example:8080");
    }
}
