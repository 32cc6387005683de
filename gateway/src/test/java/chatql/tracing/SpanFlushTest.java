package chatql.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpanFlushTest {
    @Test
    void silentCollectorDelaysShutdownBriefly() throws Exception {
        // It accepts connections and never responds.
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var exporter = OtlpHttpSpanExporter.builder()
                    .setEndpoint("http://127.0.0.1:" + silent.getLocalPort() + "/v1/traces")
                    .build();
            var provider = SdkTracerProvider.builder()
                    .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                    .build();
            provider.get("test").spanBuilder("span").startSpan().end();

            long begin = System.nanoTime();
            new SpanFlush(provider).destroy();
            provider.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        }
    }
}
