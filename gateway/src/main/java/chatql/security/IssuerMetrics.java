package chatql.security;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the issuer's keys.
 *
 * @param keys null where no issuer is configured: then none fails and none is old
 */
record IssuerMetrics(@Nullable IssuerKeys keys) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Meters.ISSUER_UP.gauge(registry, this, IssuerMetrics::up);
        Meters.ISSUER_KEYS_AGE.gauge(registry, this, IssuerMetrics::age);
        Meters.ISSUER_FETCHES.count(registry, this, IssuerMetrics::read, "read");
        Meters.ISSUER_FETCHES.count(registry, this, IssuerMetrics::failed, "failed");
    }

    private double up() {
        return keys != null && keys.failing() ? 0 : 1;
    }

    private double age() {
        return keys == null
                ? Double.NaN
                : keys.age().map(Duration::toSeconds).map(Long::doubleValue).orElse(Double.NaN);
    }

    private double read() {
        return keys == null ? 0 : keys.read();
    }

    private double failed() {
        return keys == null ? 0 : keys.failed();
    }
}
