package chatql;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A collector of traces, which receives OTLP over HTTP. */
final class TraceCollector implements AutoCloseable {
    /**
     * A span as it was exported.
     *
     * @param pod the exporter's {@code service.instance.id}
     * @param linked ids of spans
     */
    record Collected(
            String pod,
            String name,
            Span.SpanKind kind,
            String trace,
            String id,
            String parent,
            Map<String, String> attributes,
            List<String> linked,
            boolean failed,
            String everything) {
        private static Collected of(ResourceSpans from, Span span) {
            return new Collected(
                    attributes(from.getResource().getAttributesList()).getOrDefault("service.instance.id", ""),
                    span.getName(),
                    span.getKind(),
                    hex(span.getTraceId().toByteArray()),
                    hex(span.getSpanId().toByteArray()),
                    hex(span.getParentSpanId().toByteArray()),
                    attributes(span.getAttributesList()),
                    span.getLinksList().stream()
                            .map(link -> hex(link.getSpanId().toByteArray()))
                            .toList(),
                    span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                    span.toString());
        }

        private static Map<String, String> attributes(List<KeyValue> attributes) {
            return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, one -> text(one.getValue())));
        }

        private static String text(AnyValue value) {
            return value.hasStringValue() ? value.getStringValue() : Long.toString(value.getIntValue());
        }

        private static String hex(byte[] id) {
            return HexFormat.of().formatHex(id);
        }
    }

    private final HttpServer server;
    private final Queue<Collected> spans = new ConcurrentLinkedQueue<>();

    TraceCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/v1/traces", this::collect);
        server.start();
    }

    private void collect(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest.parseFrom(exchange.getRequestBody().readAllBytes())
                    .getResourceSpansList()
                    .forEach(from -> from.getScopeSpansList().stream()
                            .flatMap(scope -> scope.getSpansList().stream())
                            .map(span -> Collected.of(from, span))
                            .forEach(spans::add));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** The setting of a pod that exports to this collector. */
    String setting() {
        return "management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
                + server.getAddress().getPort() + "/v1/traces";
    }

    List<Collected> all() {
        return List.copyOf(spans);
    }

    Stream<Collected> of(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace));
    }

    /** Waits for the span of that trace. */
    Collected await(String trace, Predicate<Collected> which) {
        Awaitility.await("a span of trace " + trace)
                .atMost(Duration.ofSeconds(20))
                .until(() -> of(trace).anyMatch(which));
        return of(trace).filter(which).findFirst().orElseThrow();
    }

    Collected await(String trace, String name) {
        return await(trace, span -> span.name().equals(name));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
