package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** The accepted values of {@code Host}, with and without WebFlux. */
@Timeout(60)
class HostsTest {
    private static final String HELLO = "{\"query\":\"{ hello }\"}";

    /** Headers with which a request bypasses WebFlux or goes through it. */
    private static final List<String> WAYS = List.of("X: y\r\n", "Origin: http://HOST\r\n");

    private static final ConfigurableApplicationContext loopback = TransportWiringTest.start(
            "--server.address=127.0.0.1", "--chatql.transport.allowed-hosts=chat.example.com");
    private static final ConfigurableApplicationContext everywhere =
            TransportWiringTest.start("--server.address=0.0.0.0");

    @AfterAll
    static void stop() {
        loopback.close();
        everywhere.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "127.0.0.1:8080", "chat.localhost", "chat.example.com"})
    void loopbackServerAnswersItsOwnAndAllowedHosts(String host) {
        for (String way : WAYS) {
            assertThat(post(loopback, "Host: " + host + "\r\n", way.replace("HOST", host)))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "x", "128.0.0.1"})
    void loopbackServerAnswersAnotherHostWith421AndErrors(String host) {
        for (String way : WAYS) {
            assertThat(post(loopback, "Host: " + host + "\r\n", way.replace("HOST", host)))
                    .startsWith("HTTP/1.1 421 ")
                    .endsWith("{\"errors\":[{\"message\":\"This gateway does not serve that Host\"}]}");
            assertThat(raw(loopback, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 421 ");
            assertThat(raw(loopback, handshake(host, way.replace("HOST", host))))
                    .startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void nonLoopbackServerAnswersEveryHost() {
        for (String way : WAYS) {
            assertThat(post(everywhere, "Host: evil.example\r\n", way.replace("HOST", "evil.example")))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void missingDoubleOrMalformedHostIs400WithErrors() {
        for (ConfigurableApplicationContext context : List.of(loopback, everywhere)) {
            for (String head : List.of("", "Host: localhost\r\nHost: localhost\r\n", "Host: local host\r\n")) {
                assertThat(post(context, head, "")).as(head).startsWith("HTTP/1.1 400 ");
            }
            assertThat(post(context, "", "")).contains("{\"errors\":[{\"message\":");
            assertThat(post(context, "Host: a\r\nHost: b\r\n", "")).contains("{\"errors\":[{\"message\":");
        }
    }

    @Test
    void http10NeedsNoHost() {
        for (ConfigurableApplicationContext context : List.of(loopback, everywhere)) {
            assertThat(post(context, "", "").replace("1.1 400", "")).doesNotContain(" 200 ");
            assertThat(raw(context, request("", "").replace("HTTP/1.1", "HTTP/1.0")))
                    .contains(" 200 OK\r\n");
        }
    }

    private static String post(ConfigurableApplicationContext context, String host, String more) {
        return raw(context, request(host, more));
    }

    private static String request(String host, String more) {
        return "POST /graphql HTTP/1.1\r\n" + host + "Connection: close\r\nContent-Type: application/json\r\n" + more
                + "Content-Length: " + HELLO.length() + "\r\n\r\n" + HELLO;
    }

    private static String handshake(String host, String more) {
        return "GET /graphql HTTP/1.1\r\nHost: " + host
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + more + "\r\n";
    }

    private static String raw(ConfigurableApplicationContext context, String request) {
        return new Attacker(TransportWiringTest.port(context), null).raw(request);
    }
}
