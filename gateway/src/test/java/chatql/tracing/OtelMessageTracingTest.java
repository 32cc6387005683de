package chatql.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class OtelMessageTracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SENDER = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + SENDER + "-01";
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final RecordedSpans recorded = new RecordedSpans();
    private final List<SpanData> spans = recorded.all();
    private final OtelMessageTracing traces = traces(Sampler.parentBased(Sampler.alwaysOn()));

    private OtelMessageTracing traces(Sampler sampler) {
        return new OtelMessageTracing(
                recorded.otel(sampler), ObservationRegistry.NOOP, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static Message message(long offset) {
        return new Message(new Cursor(0x1000, 2, 3, offset), new UserId("anna"), new UserId("ben"), "hello");
    }

    private static Function<String, byte[]> headers(Map<String, String> headers) {
        return name -> headers.containsKey(name) ? headers.get(name).getBytes(StandardCharsets.UTF_8) : null;
    }

    private void receive(Message message, String parent) {
        traces.received("topic", message, headers(Map.of("traceparent", parent)));
    }

    @Test
    void eachDeliveryHasSpanFromTapReadToConnectionWrite() {
        Message message = message(7);
        receive(message, SAMPLED);

        traces.delivered(message).run();
        traces.delivered(message).run();

        assertThat(spans).hasSize(2).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo(SENDER);
            assertThat(span.getStartEpochNanos()).isEqualTo(NOW.getEpochSecond() * 1_000_000_000);
            assertThat(span.getAttributes().get(AttributeKey.stringKey("messaging.message.id")))
                    .isEqualTo("3-7");
        });
    }

    @Test
    void deliverySpansOfOneMessageAreBounded() {
        Message message = message(7);
        receive(message, SAMPLED);

        for (int i = 0; i < 1_000; i++) {
            traces.delivered(message).run();
        }

        assertThat(spans).hasSize(OtelMessageTracing.MAX_DELIVERIES);
    }

    @Test
    void equalMessageFromHistoryIsNotTraced() {
        receive(message(7), SAMPLED);

        traces.delivered(message(7)).run();

        assertThat(spans).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + TRACE + "-" + SENDER + "-00",
                "00-" + TRACE + "-" + SENDER + "-01-more",
                "ff-" + TRACE + "-" + SENDER + "-01",
                "00-00000000000000000000000000000000-" + SENDER + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-" + TRACE + "-" + SENDER + "-x1",
                "00-" + TRACE + "-" + SENDER + "-é1"
            })
    void invalidOrUnsampledTraceIsNotFollowed(String parent) {
        Message message = message(7);
        receive(message, parent);

        traces.delivered(message).run();

        assertThat(spans).isEmpty();
    }

    @Test
    void arbitraryHeaderBytesAreHarmless() {
        var random = new Random(42);
        for (int i = 0; i < 100_000; i++) {
            byte[] parent = SAMPLED.getBytes(StandardCharsets.US_ASCII);
            for (int j = random.nextInt(4); j > 0; j--) {
                parent[random.nextInt(parent.length)] = (byte) random.nextInt(256);
            }
            byte[] state = new byte[random.nextInt(600)];
            random.nextBytes(state);
            byte[] cut = Arrays.copyOf(parent, random.nextInt(parent.length + 20));

            Message message = message(i);
            traces.received("topic", message, name -> name.equals("traceparent") ? cut : state);
            traces.delivered(message).run();
        }

        assertThat(spans)
                .allSatisfy(span ->
                        assertThat(span.getParentSpanContext().isValid()).isTrue());
    }

    @Test
    void sentRecordCarriesTraceparentOfItsSpan() {
        var headers = new HashMap<String, String>();

        StepVerifier.create(traces.send("topic", headers::put, id -> id, Mono.fromSupplier(() -> {
                    // The headers at the time of the append.
                    assertThat(headers).containsKey("traceparent");
                    return "3-7";
                })))
                .expectNext("3-7")
                .verifyComplete();

        SpanData span = spans.getFirst();
        assertThat(headers).containsOnlyKeys("traceparent");
        assertThat(headers.get("traceparent"))
                .startsWith("00-" + span.getTraceId() + "-" + span.getSpanId() + "-")
                .matches(OtelMessageTracingTest::isSampled);
        assertThat(span.getName()).isEqualTo("send topic");
        assertThat(span.getAttributes().get(AttributeKey.stringKey("messaging.message.id")))
                .isEqualTo("3-7");
    }

    /** The last bit of the flags; another bit marks the trace's id as random. */
    private static boolean isSampled(String parent) {
        return "13579bdf".indexOf(parent.charAt(54)) >= 0;
    }

    @Test
    void unsampledRecordStillCarriesTraceparent() {
        var headers = new HashMap<String, String>();

        traces(Sampler.alwaysOff())
                .send("topic", headers::put, id -> id, Mono.just("3-7"))
                .block();

        assertThat(headers.get("traceparent")).isNotNull().matches(parent -> !isSampled(parent));
        assertThat(spans).isEmpty();
    }

    @Test
    void failedAppendIsTracedByErrorTypeWithoutItsText() {
        Mono<String> failing = Mono.error(new IllegalStateException("content"));

        StepVerifier.create(traces.send("topic", (name, value) -> {}, id -> id, failing))
                .verifyErrorMessage("content");

        SpanData span = spans.getFirst();
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(span.toString()).doesNotContain("content");
    }

    @Test
    void disabledTracingAddsNothingToAppend() {
        Mono<String> append = Mono.just("3-7");

        assertThat(MessageTracing.NONE.send("topic", (name, value) -> {}, id -> id, append))
                .isSameAs(append);
        assertThat(MessageTracing.NONE.calls().isNoop()).isTrue();
    }
}
