package chatql.tracing;

import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;

/** Sends what is left when the pod stops. Boot waits 10 s for it, which is more than a pod has that nobody answers. */
record SpanFlush(SdkTracerProvider provider) implements DisposableBean {
    private static final int PATIENCE_S = 2;

    @Override
    public void destroy() {
        provider.shutdown().join(PATIENCE_S, TimeUnit.SECONDS);
    }
}
