package chatql.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.http.HttpRequestMetrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

@Timeout(20)
class NettyRequestSpansTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SENDER = "b7ad6b7169203331";

    private final RecordedSpans spans = new RecordedSpans();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HttpRequestMetrics timers = new HttpRequestMetrics(
            meters,
            SpanObservations.of(List.of(new NettyRequestSpans(spans.tracer(), spans.propagator()))),
            "/graphql");
    private final AtomicReference<Function<HttpServerResponse, Mono<Void>>> answer = new AtomicReference<>();
    private final DisposableServer server = HttpServer.create()
            .port(0)
            .handle((request, response) ->
                    timers.timed(request, response, answer.get().apply(response)))
            .bindNow();

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @ParameterizedTest
    @CsvSource({"POST,200,UNSET", "GET,404,UNSET", "POST,429,UNSET", "POST,503,ERROR", "BREW,405,UNSET"})
    void requestHasSpanWithRouteMethodAndStatus(String method, int status, StatusCode end) throws IOException {
        ask(method, "", response -> response.status(status).send());

        SpanData span = only();
        String known = method.equals("BREW") ? "_OTHER" : method;
        assertThat(span.getName()).isEqualTo(known + " /graphql");
        assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(end);
        assertThat(span.getAttributes().asMap().toString())
                .contains("http.request.method=" + known, "http.route=/graphql", "http.response.status_code=" + status);
        assertThat(span.getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void traceparentOfRequestIsParent() throws IOException {
        ask("POST", "00-" + TRACE + "-" + SENDER + "-01", HttpServerResponse::send);

        assertThat(only().getTraceId()).isEqualTo(TRACE);
        assertThat(only().getParentSpanId()).isEqualTo(SENDER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "00-00000000000000000000000000000000-" + SENDER + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "ff-" + TRACE + "-" + SENDER + "-01",
                "00-" + TRACE + "-" + SENDER + "-z1",
                "00-" + TRACE + "-" + SENDER
            })
    void malformedTraceparentBeginsTraceOfItsOwn(String parent) throws IOException {
        ask("POST", parent, HttpServerResponse::send);

        assertThat(only().getTraceId()).isNotEqualTo(TRACE);
        assertThat(only().getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void requestThatFailsAfterItsHeadEndsOnce() throws IOException {
        ask(
                "POST",
                "",
                response -> response.sendHeaders()
                        .then(Mono.error(new IllegalStateException("a secret")))
                        .then());

        assertThat(only().toString()).doesNotContain("a secret");
    }

    @Test
    void disconnectedClientHasSpanWithoutStatus() throws Exception {
        var begun = new CountDownLatch(1);
        answer.set(response -> Mono.<Void>never().doOnSubscribe(running -> begun.countDown()));
        Socket client = connected("POST", "");
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(spans.all()).isEmpty();

        client.close();

        assertThat(only().getAttributes().asMap().toString()).doesNotContain("status_code");
    }

    @Test
    void servedPublisherSeesObservationOfRequest() throws IOException {
        var seen = new AtomicReference<Observation>();

        ask(
                "POST",
                "",
                response -> Mono.deferContextual(context -> {
                    seen.set(context.get(ObservationThreadLocalAccessor.KEY));
                    return response.send();
                }));

        assertThat(seen.get().getContext()).isInstanceOf(NettyRequestObservationContext.class);
    }

    /** The only span, after the end of the request, which the timer counts once, too. */
    private SpanData only() {
        Awaitility.await().until(() -> !spans.all().isEmpty());
        assertThat(spans.all()).hasSize(1);
        assertThat(meters.find("http.server.requests").timers().stream().mapToLong(Timer::count))
                .containsExactly(1L);
        return spans.all().getFirst();
    }

    private void ask(String method, String parent, Function<HttpServerResponse, Mono<Void>> served) throws IOException {
        answer.set(served);
        try (Socket client = connected(method, parent)) {
            client.getInputStream().readAllBytes();
        }
    }

    private Socket connected(String method, String parent) throws IOException {
        String header = parent.isEmpty() ? "" : "traceparent: " + parent + "\r\n";
        Socket client = new Socket("localhost", server.port());
        client.getOutputStream()
                .write((method + " /graphql HTTP/1.1\r\nHost: localhost\r\n" + header + "Connection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return client;
    }
}
