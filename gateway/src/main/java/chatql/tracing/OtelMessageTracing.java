package chatql.tracing;

import chatql.message.Message;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Makes spans of sent messages and of live deliveries, by OpenTelemetry's semantic conventions for messaging. A message
 * that is not sampled costs one look at a header.
 */
final class OtelMessageTracing implements MessageTracing {
    /** Sampled messages that may wait for delivery at once; more than the slow subscribers of a pod hold back. */
    private static final int MAX_MESSAGES = 10_000;

    /**
     * Spans of one message on a pod: with very many subscribers, they would push all others out of the export queue.
     */
    static final int MAX_DELIVERIES = 100;

    private static final String SEND = "send";
    private static final String PROCESS = "process";

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("messaging.message.id");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracer tracer;
    private final ObservationRegistry calls;
    private final Clock clock;
    // Keyed by identity: an equal message that is read from history later isn't live. Weak keys need no cleanup.
    private final Cache<Message, Delivery> deliveries = Caffeine.newBuilder()
            .weakKeys()
            .maximumSize(MAX_MESSAGES)
            .executor(Runnable::run)
            .build();

    OtelMessageTracing(Tracer tracer, ObservationRegistry calls, Clock clock) {
        this.tracer = tracer;
        this.calls = calls;
        this.clock = clock;
    }

    @Override
    public <T> Mono<T> send(String topic, BiConsumer<String, String> header, Function<T, String> id, Mono<T> append) {
        return Mono.deferContextual(context -> {
            Span span = span(SEND, topic, SpanKind.PRODUCER)
                    .setParent(SpanParents.of(context))
                    .startSpan();
            TraceHeaders.write(span, header);
            // A span that is not recorded would sort its attributes for nothing.
            return span.isRecording() ? ended(span.setAllAttributes(attributes(SEND, topic)), id, append) : append;
        });
    }

    private static <T> Mono<T> ended(Span span, Function<T, String> id, Mono<T> append) {
        return append.doOnNext(done -> span.setAttribute(MESSAGE, id.apply(done)))
                // Only the class's name: Kafka's message may contain anything.
                .doOnError(failure -> span.setStatus(StatusCode.ERROR)
                        .setAttribute(ERROR, failure.getClass().getName()))
                .doFinally(end -> span.end());
    }

    @Override
    public void received(String topic, Message message, Function<String, byte @Nullable []> header) {
        TraceHeaders.sampled(header)
                .ifPresent(
                        sender -> deliveries.put(message, new Delivery(topic, message.id(), sender, clock.instant())));
    }

    @Override
    public Runnable delivered(Message message) {
        Delivery delivery = deliveries.getIfPresent(message);
        return delivery == null ? () -> {} : delivery;
    }

    @Override
    public ObservationRegistry calls() {
        return calls;
    }

    private SpanBuilder span(String operation, String topic, SpanKind kind) {
        return tracer.spanBuilder(operation + " " + topic).setSpanKind(kind);
    }

    private static Attributes attributes(String operation, String topic) {
        return Attributes.of(SYSTEM, "kafka", DESTINATION, topic, OPERATION, operation, TYPE, operation);
    }

    /** A message that is being delivered to this pod's subscribers, from the moment when the tap read it. */
    private final class Delivery implements Runnable {
        private final String topic;
        private final String id;
        private final Context sender;
        private final Instant receivedAt;
        private int left = MAX_DELIVERIES;

        Delivery(String topic, String id, Context sender, Instant receivedAt) {
            this.topic = topic;
            this.id = id;
            this.sender = sender;
            this.receivedAt = receivedAt;
        }

        @Override
        public void run() {
            if (takeSpan()) {
                span(PROCESS, topic, SpanKind.CONSUMER)
                        .setParent(sender)
                        .addLink(Span.fromContext(sender).getSpanContext())
                        .setStartTimestamp(receivedAt)
                        .setAllAttributes(attributes(PROCESS, topic))
                        .setAttribute(MESSAGE, id)
                        .startSpan()
                        .end();
            }
        }

        private synchronized boolean takeSpan() {
            return left-- > 0;
        }
    }
}
