package chatql.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A record's {@code traceparent} and {@code tracestate}, as W3C Trace Context has them. */
final class TraceHeaders {
    private static final String PARENT = "traceparent";

    /** In characters. What everybody passes on, says W3C; a client's longer list isn't kept in the log for good. */
    private static final int MAX_LENGTH = 512;

    /** The flags' second digit, of which the last bit says whether it is sampled. */
    private static final int FLAGS = 54;

    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<Function<String, byte @Nullable []>> TEXT = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Function<String, byte @Nullable []> header) {
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable Function<String, byte @Nullable []> header, String name) {
            byte[] value = header == null ? null : header.apply(name);
            return value == null || value.length > MAX_LENGTH ? null : new String(value, StandardCharsets.US_ASCII);
        }
    };

    private TraceHeaders() {}

    static void write(Span span, BiConsumer<String, String> header) {
        W3C.inject(Context.root().with(span), header, (to, name, value) -> {
            if (to != null && value.length() <= MAX_LENGTH) {
                to.accept(name, value);
            }
        });
    }

    /** Of what they say; empty where that isn't sampled, or is nothing that W3C knows. */
    static Optional<Context> sampled(Function<String, byte @Nullable []> header) {
        return saysSampled(header.apply(PARENT))
                ? Optional.of(W3C.extract(Context.root(), header, TEXT)).filter(TraceHeaders::isSampled)
                : Optional.empty();
    }

    /** Without reading all of it. */
    private static boolean saysSampled(byte @Nullable [] parent) {
        return parent != null && parent.length > FLAGS && (Character.digit(parent[FLAGS], 16) & 1) == 1;
    }

    private static boolean isSampled(Context context) {
        SpanContext sender = Span.fromContext(context).getSpanContext();
        return sender.isValid() && sender.isSampled();
    }
}
