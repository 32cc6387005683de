package chatql.graphql.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.tracing.SpanObservations;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

@Timeout(20)
class HttpRequestMetricsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HttpRequestMetrics timers = new HttpRequestMetrics(meters, SpanObservations.NONE, "/graphql");

    @ParameterizedTest
    @CsvSource({
        "POST,200",
        "GET,200",
        "POST,302",
        "POST,400",
        "GET,405",
        "POST,503",
        "GET,101",
        "BREW,405",
        "POST,499",
        "POST,799"
    })
    void labelsEqualThoseOfSpringsObservation(String method, int status) throws IOException {
        asked(response -> response.status(status).send(), method);

        assertThat(timer().getId().getTags()).containsExactlyInAnyOrderElementsOf(expected(method, status));
    }

    @Test
    void failureIsNamedInLabels() throws IOException {
        asked(response -> Mono.error(new IllegalStateException()), "POST");

        assertThat(timer().getId().getTags())
                .contains(Tag.of("error", "IllegalStateException"), Tag.of("exception", "IllegalStateException"));
    }

    @Test
    void clientDisconnectedBeforeAnswerHasUnknownStatus() throws IOException {
        DisposableServer server = served(response -> Mono.never());
        try {
            connected(server, "POST").close();

            assertThat(timer().getId().getTags()).contains(Tag.of("status", "UNKNOWN"), Tag.of("outcome", "UNKNOWN"));
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void unknownMethodsShareOneTimer() throws IOException {
        for (String method : List.of("BREW", "WHEN", "PROPFIND")) {
            asked(response -> response.status(405).send(), method);
        }

        Awaitility.await().until(() -> timer().count() == 3);
        assertThat(timer().getId().getTag("method")).isEqualTo("UNKNOWN");
    }

    @Test
    void timeIsMeasuredFromRequestToAnswer() throws IOException {
        Duration wait = Duration.ofMillis(20);

        asked(response -> Mono.delay(wait, Schedulers.parallel()).then(response.send()), "POST");

        assertThat(timer().max(TimeUnit.NANOSECONDS)).isGreaterThanOrEqualTo(wait.toNanos());
    }

    /** Waits for the only timer. */
    private Timer timer() {
        Collection<Timer> all = Awaitility.await()
                .until(() -> meters.find("http.server.requests").timers(), some -> !some.isEmpty());
        assertThat(all).hasSize(1);
        return all.iterator().next();
    }

    private DisposableServer served(Function<HttpServerResponse, Mono<Void>> served) {
        return HttpServer.create()
                .port(0)
                .handle((request, response) -> timers.timed(request, response, served.apply(response)))
                .bindNow();
    }

    private void asked(Function<HttpServerResponse, Mono<Void>> served, String method) throws IOException {
        DisposableServer server = served(served);
        try (Socket client = connected(server, method)) {
            assertThat(client.getInputStream().read()).isNotEqualTo(-1);
        } finally {
            server.disposeNow();
        }
    }

    private static Socket connected(DisposableServer server, String method) throws IOException {
        Socket client = new Socket("localhost", server.port());
        client.getOutputStream()
                .write((method + " /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static List<Tag> expected(String method, int status) {
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.valueOf(method), "/graphql"));
        exchange.getResponse().setStatusCode(HttpStatusCode.valueOf(status));
        var observed = new ServerRequestObservationContext(
                exchange.getRequest(), exchange.getResponse(), exchange.getAttributes());
        observed.setPathPattern("/graphql");
        Stream<KeyValue> labels =
                new DefaultServerRequestObservationConvention().getLowCardinalityKeyValues(observed).stream();
        return Stream.concat(
                        Stream.of(Tag.of("error", "none")),
                        labels.map(label -> Tag.of(label.getKey(), label.getValue())))
                .toList();
    }
}
