package chatql.tracing;

import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Wires tracing where an OTLP endpoint is configured. Boot's own auto-configuration is excluded: without a collector it
 * would make spans that nothing exports.
 */
@Configuration(proxyBeanMethods = false)
@Import(TracingConfiguration.WithCollector.class)
public class TracingConfiguration {
    @Bean
    @Fallback
    MessageTracing noTraces() {
        return MessageTracing.NONE;
    }

    @Bean
    @Fallback
    SpanObservations noSpans() {
        return SpanObservations.NONE;
    }

    /** Boot's tracer and exporter, and the observations that become spans. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(TracingExportCondition.class)
    // Imported here, because the application excludes them from auto-configuration.
    @Import({
        OpenTelemetrySdkAutoConfiguration.class,
        OpenTelemetryTracingAutoConfiguration.class,
        OtlpTracingAutoConfiguration.class
    })
    static class WithCollector {
        @Bean
        static OtlpSettingsCheck otlpSettingsCheck(Environment environment) {
            return new OtlpSettingsCheck(environment);
        }

        @Bean
        ObservationHandler<?> peerRequestSpans(
                Tracer tracer, Propagator propagator, ObjectProvider<TracedPaths> traced) {
            return new ServerRequestSpans(tracer, propagator, traced.stream().toList());
        }

        @Bean
        SpanHandler<?> requestSpans(Tracer tracer, Propagator propagator) {
            return new NettyRequestSpans(tracer, propagator);
        }

        @Bean
        SpanObservations spanObservations(List<SpanHandler<?>> handlers) {
            return SpanObservations.of(handlers);
        }

        @Bean
        MessageTracing messageTracing(
                io.opentelemetry.api.trace.Tracer messages, Tracer tracer, Propagator propagator) {
            // For spans only: the callers measure how long other pods take to respond.
            ObservationRegistry calls = ObservationRegistry.create();
            calls.observationConfig().observationHandler(new ClientRequestSpans(tracer, propagator));
            return new OtelMessageTracing(messages, calls, Clock.systemUTC());
        }

        @Bean
        SpanFlush spanFlush(SdkTracerProvider provider) {
            return new SpanFlush(provider);
        }
    }
}
