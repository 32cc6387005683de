package chatql.tracing;

import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;

/**
 * Exports the remaining spans when the pod stops. Boot waits 10 s for that, which is too long where the collector does
 * not respond.
 */
record SpanFlush(SdkTracerProvider provider) implements DisposableBean {
    private static final int TIMEOUT_S = 2;

    @Override
    public void destroy() {
        provider.shutdown().join(TIMEOUT_S, TimeUnit.SECONDS);
    }
}
