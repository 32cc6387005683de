package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.tracing.MessageTracing;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway without trace export. */
@ExtendWith(KafkaBroker.class)
class NoTracingIT {
    @Test
    void gatewayWithoutCollectorHasNoSpanExporterThreadOrHeader() throws Exception {
        var before = threads();
        try (var world = new World();
                var topic = new Topic(world, Map.of())) {
            Pod pod = world.pod();
            try (Following listener = pod.chat().follow("ben", "earliest")) {
                Traced.sampled().send(pod, "ben", "hello");
                topic.sendWith(
                                "anna",
                                "ben",
                                "from elsewhere",
                                Map.of("traceparent", Traced.sampled().parent()))
                        .get();
                listener.await(2);
            }
            Traced.sampled().send(pod, "ben", "hello again");

            assertThat(topic.headers("ben")).isEmpty();
            assertThat(pod.has(Tracer.class)).isFalse();
            assertThat(pod.has(OpenTelemetry.class)).isFalse();
            assertThat(pod.has(SpanExporter.class)).isFalse();
            assertThat(pod.has(TracingObservationHandler.class)).isFalse();
            assertThat(pod.bean(MessageTracing.class)).isSameAs(MessageTracing.NONE);
            var after = new HashSet<>(threads());
            after.removeAll(before);
            assertThat(after).noneMatch(name -> name.contains("SpanProcessor") || name.contains("LogRecordProcessor"));
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
