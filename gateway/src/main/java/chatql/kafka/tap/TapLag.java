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
 * Looks now and then at how far the tap is behind the end of each partition that it reads: the consumer can be asked on its
 * own thread only, and whoever reads the metrics can't wait for that.
 */
public final class TapLag extends BackgroundTask {
    private static final Logger LOG = LoggerFactory.getLogger(TapLag.class);

    /** No longer than metrics are usually read apart. */
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Mono<Map<Integer, Long>> lags;
    private final MultiGauge gauges;
    private final Scheduler timer;

    private volatile Map<Integer, Long> latest = Map.of();

    /** @param lags of each partition that is read, in records; asked every five seconds */
    public TapLag(Mono<Map<Integer, Long>> lags, MeterRegistry registry, Scheduler timer) {
        super(LifecyclePhase.BACKGROUND);
        this.lags = lags;
        this.gauges = Meters.TAP_LAG.gauges(registry);
        this.timer = timer;
    }

    @Override
    protected Disposable begin() {
        return Flux.interval(EVERY, timer)
                .onBackpressureDrop()
                .concatMap(now -> look(), 0)
                .subscribe();
    }

    private Mono<Void> look() {
        return lags.timeout(EVERY, timer)
                .doOnNext(this::show)
                .doOnError(failure -> LOG.debug("How far the tap is behind can't be told", failure))
                .onErrorComplete()
                .then();
    }

    /** A gauge stays the same one while its partition is read: a scrape fails that meets both an old one and a new one. */
    private void show(Map<Integer, Long> byPartition) {
        latest = byPartition;
        List<MultiGauge.Row<?>> rows = byPartition.keySet().stream()
                .<MultiGauge.Row<?>>map(partition -> MultiGauge.Row.of(
                        Meters.TAP_LAG.tags(String.valueOf(partition)), this, shown -> shown.lag(partition)))
                .toList();
        gauges.register(rows);
    }

    private double lag(int partition) {
        Long lag = latest.get(partition);
        return lag == null ? Double.NaN : lag;
    }
}
