package chatql.kafka.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.World;
import chatql.kafka.store.StoreLayout;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

@ExtendWith(KafkaBroker.class)
class LocalStoresIT {
    private static final int READERS = 4;

    @Test
    void cancelledReadStopsAndWaitingReadNeverStarts() throws Exception {
        try (var world = new World("chatql.topics.partitions=1")) {
            LocalStores stores = world.pod().bean(LocalStores.class);
            var begun = new CountDownLatch(READERS);
            var stopped = new CountDownLatch(READERS);
            var neverBegun = new AtomicInteger();
            Mono<Boolean> endless = stores.read(StoreLayout.TIMELINE, 0, store -> {
                begun.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                stopped.countDown();
                return true;
            });
            Disposable[] reads = new Disposable[READERS];
            for (int i = 0; i < READERS; i++) {
                reads[i] = endless.subscribe();
            }
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            Disposable waiting = stores.read(StoreLayout.TIMELINE, 0, store -> neverBegun.incrementAndGet())
                    .subscribe();
            waiting.dispose();
            for (Disposable read : reads) {
                read.dispose();
            }

            assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(stores.read(StoreLayout.TIMELINE, 0, store -> 1).block(Duration.ofSeconds(30)))
                    .isOne();
            await().untilAsserted(() -> assertThat(neverBegun).hasValue(0));
        }
    }
}
