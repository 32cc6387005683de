package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.security.Explorable;
import chatql.user.Callers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.ExecutionGraphQlService;

/** The transport as Spring Boot puts it together, and as it goes when Spring Boot is told to stop. */
@Timeout(30)
class TransportWiringTest {

    @Configuration(proxyBeanMethods = false)
    @Import(TransportConfiguration.class)
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
        ExecutionGraphQlService executionGraphQlService() {
            return new TestSchema().service();
        }

        @Bean
        Callers callers() {
            return Everybody.IS_LET_IN;
        }

        @Bean
        Explorable explorable() {
            return new Explorable(true);
        }

        @Bean
        ApplicationListener<AvailabilityChangeEvent<ReadinessState>> listener() {
            return event -> readiness.add(event.getState());
        }
    }

    @Test
    void http_and_websocket_are_served_at_the_configured_path() throws Exception {
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
            assertThat(context.getBean(Connections.class).sockets()).isEqualTo(1);
        }
    }

    @Test
    void the_application_is_gone_soon_after_the_drain_time_although_sockets_and_streams_were_open() throws Exception {
        ConfigurableApplicationContext context = start("--chatql.transport.drain=300ms");
        try (RawSocket idle =
                        RawSocket.open(port(context), "graphql-transport-ws").initialised();
                RawSocket busy =
                        RawSocket.open(port(context), "graphql-transport-ws").initialised();
                RawStream stream = RawStream.open(port(context), "subscription { silent }")) {
            busy.subscribe("s", "subscription { silent }");
            Awaitility.await()
                    .until(() -> context.getBean(Connections.class).peers().size() == 3);

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::close);

            assertThat(busy.message()).isEqualTo("{\"id\":\"s\",\"type\":\"complete\"}");
            assertThat(busy.closed()).isEqualTo("1012 Service restart");
            assertThat(idle.closed()).isEqualTo("1012 Service restart");
            assertThat(stream.lines(3)).containsExactly(":", "event: complete", "data:");
            stopped.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void an_application_with_nobody_connected_stops_at_once() {
        ConfigurableApplicationContext context = start();
        Application application = context.getBean(Application.class);

        long start = System.nanoTime();
        context.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(application.readiness).contains(ReadinessState.REFUSING_TRAFFIC);
    }

    private static ConfigurableApplicationContext start(String... settings) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.REACTIVE)
                .properties(
                        "server.port=0",
                        "spring.config.name=none",
                        "spring.main.banner-mode=off",
                        "spring.reactor.netty.shutdown-quiet-period=0s")
                .run(settings);
    }

    private static int port(ConfigurableApplicationContext context) {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }
}
