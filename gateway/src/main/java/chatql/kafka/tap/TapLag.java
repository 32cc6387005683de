package chatql.kafka.tap;

import chatql.kafka.client.BackgroundTask;
import chatql.lifecycle.LifecyclePhase;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Polls the tap's lag behind the end of each open partition. Only the consumer's own thread can ask for the lag, and a
 * scrape of the metrics must not wait for that thread.
 */
public final class TapLag extends BackgroundTask {
    private static final Logger LOG = LoggerFactory.getLogger(TapLag.class);

    /** At most the usual scrape interval. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Mono<Map<Integer, Long>> lags;
    private final MultiGauge gauges;
    private final Scheduler timer;

    private volatile Map<Integer, Long> latest = Map.of();

    /** @param lags in records, of each partition that is read; polled every five seconds */
    public TapLag(Mono<Map<Integer, Long>> lags, MeterRegistry registry, Scheduler timer) {
        super(LifecyclePhase.BACKGROUND);
        this.lags = lags;
        this.gauges = Meters.TAP_LAG.gauges(registry);
        this.timer = timer;
    }

    @Override
    protected Disposable begin() {
        return Flux.interval(INTERVAL, timer)
                .onBackpressureDrop()
                .concatMap(now -> poll(), 0)
                .subscribe();
    }

    private Mono<Void> poll() {
        return lags.timeout(INTERVAL, timer)
                .doOnNext(this::publish)
                .doOnError(failure -> LOG.debug("The tap's lag is not available", failure))
                .onErrorComplete()
                .then();
    }

    /** Keeps the same gauge while a partition is read: a scrape fails if it sees both an old and a new gauge. */
    private void publish(Map<Integer, Long> byPartition) {
        latest = byPartition;
        List<MultiGauge.Row<?>> rows = byPartition.keySet().stream()
                .<MultiGauge.Row<?>>map(partition -> MultiGauge.Row.of(
                        Meters.TAP_LAG.tags(String.valueOf(partition)), this, tapLag -> tapLag.lag(partition)))
                .toList();
        gauges.register(rows);
    }

    private double lag(int partition) {
        Long lag = latest.get(partition);
        return lag == null ? Double.NaN : lag;
    }
}
