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

/** A record's {@code traceparent} and {@code tracestate}, as defined by W3C Trace Context. */
final class TraceHeaders {
    private static final String PARENT = "traceparent";

    /**
     * In characters. W3C requires every system to propagate that much; a client's longer list would stay in the log for
     * good.
     */
    private static final int MAX_LENGTH = 512;

    /** The position of the flags' second digit, whose last bit says whether the trace is sampled. */
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

    /** The context that the headers carry; empty where it is not sampled or not valid. */
    static Optional<Context> sampled(Function<String, byte @Nullable []> header) {
        return saysSampled(header.apply(PARENT))
                ? Optional.of(W3C.extract(Context.root(), header, TEXT)).filter(TraceHeaders::isSampled)
                : Optional.empty();
    }

    /** Checks only the flag, which is cheaper than parsing the header. */
    private static boolean saysSampled(byte @Nullable [] parent) {
        return parent != null && parent.length > FLAGS && (Character.digit(parent[FLAGS], 16) & 1) == 1;
    }

    private static boolean isSampled(Context context) {
        SpanContext sender = Span.fromContext(context).getSpanContext();
        return sender.isValid() && sender.isSampled();
    }
}
