package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.graphql.transport.execution.DocumentCache;
import chatql.graphql.transport.execution.DocumentLimits;
import chatql.security.IntrospectionPolicy;
import chatql.tracing.TracingConfiguration;
import chatql.user.CallerAuthenticator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.ExecutionGraphQlService;

/** The transport as Spring Boot wires it, and its shutdown by Spring Boot. */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class TransportWiringTest {

    @Configuration(proxyBeanMethods = false)
    @Import({TransportConfiguration.class, TracingConfiguration.class})
    @ImportAutoConfiguration({
        NettyReactiveWebServerAutoConfiguration.class,
        HttpHandlerAutoConfiguration.class,
        WebFluxAutoConfiguration.class
    })
    static class Application {

        final List<ReadinessState> readiness = new CopyOnWriteArrayList<>();

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        ExecutionGraphQlService executionGraphQlService(DocumentLimits limits, DocumentCache documents) {
            return new TestSchema().service(limits, documents);
        }

        @Bean
        CallerAuthenticator callerAuthenticator() {
            return PermitAll.INSTANCE;
        }

        @Bean
        IntrospectionPolicy introspectionPolicy() {
            return new IntrospectionPolicy(true);
        }

        @Bean
        ApplicationListener<AvailabilityChangeEvent<ReadinessState>> listener() {
            return event -> readiness.add(event.getState());
        }
    }

    @Test
    void httpAndWebSocketAreServedAtConfiguredPath() throws Exception {
        try (ConfigurableApplicationContext context = start("--chatql.transport.path=/graphql");
                HttpClient client = HttpClient.newHttpClient();
                RawSocket socket = RawSocket.open(port(context), "graphql-transport-ws")) {
            String answer = client.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port(context) + "/graphql"))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"query\":\"{ hello }\"}"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();

            assertThat(answer).isEqualTo("{\"data\":{\"hello\":\"hello\"}}");
            socket.initialised();
            assertThat(context.getBean(ConnectionRegistry.class).open(Transport.WEBSOCKET))
                    .isEqualTo(1);
        }
    }

    @Test
    void apiIsServedBelowConfiguredBasePathOnly() throws Exception {
        try (ConfigurableApplicationContext context = start("--spring.webflux.base-path=/chat");
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder hello = HttpRequest.newBuilder()
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"query\":\"{ hello }\"}"));
            String server = "http://localhost:" + port(context);

            var there =
                    client.send(hello.uri(URI.create(server + "/chat/graphql")).build(), BodyHandlers.ofString());
            var elsewhere =
                    client.send(hello.uri(URI.create(server + "/graphql")).build(), BodyHandlers.ofString());

            assertThat(there.body()).isEqualTo("{\"data\":{\"hello\":\"hello\"}}");
            assertThat(elsewhere.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void applicationStopsSoonAfterDrainTimeDespiteOpenConnections() throws Exception {
        ConfigurableApplicationContext context = start("--chatql.transport.drain-timeout=300ms");
        try (RawSocket idle =
                        RawSocket.open(port(context), "graphql-transport-ws").initialised();
                RawSocket busy =
                        RawSocket.open(port(context), "graphql-transport-ws").initialised();
                RawStream stream = RawStream.open(port(context), "subscription { silent }")) {
            busy.subscribe("s", "subscription { silent }");
            Awaitility.await()
                    .until(() ->
                            context.getBean(ConnectionRegistry.class).peers().size() == 3);

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::close);

            assertThat(busy.message()).isEqualTo("{\"id\":\"s\",\"type\":\"complete\"}");
            assertThat(busy.closed()).isEqualTo("1012 Service restart");
            assertThat(idle.closed()).isEqualTo("1012 Service restart");
            assertThat(stream.lines(3)).containsExactly(":", "event: complete", "data:");
            stopped.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void applicationWithoutConnectionsStopsAtOnce() {
        ConfigurableApplicationContext context = start();
        Application application = context.getBean(Application.class);

        long start = System.nanoTime();
        context.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(application.readiness).contains(ReadinessState.REFUSING_TRAFFIC);
    }

    @Test
    void sameOriginAndAllowedOriginsAloneAreServed() throws Exception {
        try (ConfigurableApplicationContext context =
                        start("--chatql.transport.allowed-origins=https://chat.example,https://other.example");
                HttpClient client = HttpClient.newHttpClient()) {
            int port = port(context);
            String same = "http://localhost:" + port;

            assertThat(upgraded(client, port, null)).isEqualTo(101);
            assertThat(upgraded(client, port, same)).isEqualTo(101);
            assertThat(upgraded(client, port, "https://chat.example")).isEqualTo(101);
            for (String foreign : List.of(
                    "https://evil.example",
                    "null",
                    "https://chat.example.evil.example",
                    "http://chat.example",
                    "http://localhost",
                    "https://localhost:" + port,
                    "file://")) {
                assertThat(upgraded(client, port, foreign)).as(foreign).isEqualTo(403);
                assertThat(posted(client, port, foreign)).as(foreign).isEqualTo(403);
            }
            assertThat(posted(client, port, same)).isEqualTo(200);
            assertThat(posted(client, port, "https://other.example")).isEqualTo(200);
        }
    }

    @Test
    void rejectedOriginIs403WithErrorsAndOneLogLine(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = start();
                HttpClient client = HttpClient.newHttpClient()) {
            int port = port(context);
            for (int each = 0; each < 100; each++) {
                HttpResponse<String> answer =
                        client.send(hello(port, "https://localhost:" + port), BodyHandlers.ofString());

                assertThat(answer.statusCode()).isEqualTo(403);
                assertThat(answer.body())
                        .startsWith("{\"errors\":[{\"message\":\"The page's origin is not allowed here\"");
            }
            assertThat(upgraded(client, port, "https://\u00e9vil.example")).isEqualTo(403);

            List<String> lines = output.getAll()
                    .lines()
                    .filter(line -> line.contains("A page of https://localhost:" + port + " was refused"))
                    .toList();
            assertThat(lines)
                    .hasSize(5)
                    .allMatch(line -> line.contains("neither http://localhost:" + port + ", as which")
                            && line.contains("chatql.transport.allowed-origins"));
        }
    }

    @Test
    void rejectedHostIsLoggedInFiveLinesWithSettingName(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start("--server.address=127.0.0.1")) {
            Attacker page = new Attacker(port(context), null);
            for (int each = 0; each < 200; each++) {
                page.raw("GET / HTTP/1.1\r\nHost: evil-" + each + ".example\r\nConnection: close\r\n\r\n");
            }
        }

        assertThat(output.getAll().lines().filter(line -> line.contains("evil-")))
                .hasSize(5)
                .allMatch(line -> line.contains("chatql.transport.allowed-hosts"));
    }

    @Test
    void pageBehindTlsProxyIsAcceptedByForwardedProto() throws Exception {
        try (ConfigurableApplicationContext context = start("--server.forward-headers-strategy=framework");
                HttpClient client = HttpClient.newHttpClient()) {
            int port = port(context);
            HttpRequest page = hello(port, "https://localhost:" + port);
            HttpRequest.Builder proxied = HttpRequest.newBuilder(page, (name, value) -> true);

            assertThat(status(client, page)).isEqualTo(403);
            assertThat(status(
                            client,
                            proxied.copy()
                                    .header("X-Forwarded-Proto", "https")
                                    .header("X-Forwarded-Port", "" + port)
                                    .build()))
                    .isEqualTo(200);
            assertThat(status(
                            client,
                            HttpRequest.newBuilder(hello(port, "https://chat.example.com"), (name, value) -> true)
                                    .header("X-Forwarded-Proto", "https")
                                    .header("X-Forwarded-Host", "chat.example.com")
                                    .build()))
                    .isEqualTo(200);
            assertThat(status(
                            client,
                            HttpRequest.newBuilder(hello(port, "https://chat.example.com"), (name, value) -> true)
                                    .header("Forwarded", "proto=https;host=chat.example.com")
                                    .build()))
                    .isEqualTo(200);
        }
    }

    private static HttpRequest hello(int port, String origin) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/graphql"))
                .header("Content-Type", "application/json")
                .header("Origin", origin)
                .POST(BodyPublishers.ofString("{\"query\":\"{ hello }\"}"))
                .build();
    }

    private static int status(HttpClient client, HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    @Test
    void corsPreflightIsAnsweredForAllowedOrigins() throws Exception {
        try (ConfigurableApplicationContext context = start("--chatql.transport.allowed-origins=https://chat.example");
                HttpClient client = HttpClient.newHttpClient()) {
            var asked = HttpRequest.newBuilder(URI.create("http://localhost:" + port(context) + "/graphql"))
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "authorization,content-type,traceparent,tracestate");

            var allowed = client.send(
                    asked.copy().header("Origin", "https://chat.example").build(), BodyHandlers.discarding());
            var refused = client.send(
                    asked.copy().header("Origin", "https://evil.example").build(), BodyHandlers.discarding());

            assertThat(allowed.statusCode()).isEqualTo(200);
            assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("https://chat.example");
            assertThat(refused.statusCode()).isEqualTo(403);
        }
    }

    /** The status of the response to a WebSocket upgrade from a page of this origin. */
    private static int upgraded(HttpClient client, int port, String origin) {
        var socket = client.newWebSocketBuilder().subprotocols("graphql-transport-ws");
        if (origin != null) {
            socket.header("Origin", origin);
        }
        try {
            socket.buildAsync(URI.create("ws://localhost:" + port + "/graphql"), new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException refused) {
            return ((WebSocketHandshakeException) refused.getCause())
                    .getResponse()
                    .statusCode();
        }
    }

    private static int posted(HttpClient client, int port, String origin) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/graphql"))
                                .header("Content-Type", "application/json")
                                .header("Origin", origin)
                                .POST(BodyPublishers.ofString("{\"query\":\"{ hello }\"}"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    static ConfigurableApplicationContext start(String... settings) {
        return start(Application.class, settings);
    }

    static ConfigurableApplicationContext start(Class<?> application, String... settings) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.REACTIVE)
                .properties(
                        "server.port=0",
                        "spring.config.name=none",
                        "spring.main.banner-mode=off",
                        "spring.reactor.netty.shutdown-quiet-period=0s",
                        // Never connected to. Without it each application starts an embedded broker, all of them in one
                        // directory.
                        "spring.kafka.bootstrap-servers=localhost:1")
                .run(settings);
    }

    static int port(ConfigurableApplicationContext context) {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }
}
