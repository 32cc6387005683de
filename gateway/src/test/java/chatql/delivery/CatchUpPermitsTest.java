package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class CatchUpPermitsTest {
    private final CatchUpPermits permits = new CatchUpPermits(2);
    private final List<Sinks.Empty<Void>> running = new ArrayList<>();

    @Test
    void catchUpsAreBoundedAndStartInOrder() {
        for (int i = 0; i < 4; i++) {
            start();
        }
        assertThat(running).hasSize(2);

        running.getFirst().tryEmitEmpty();
        assertThat(running).hasSize(3);
        running.get(1).tryEmitError(new IllegalStateException());
        assertThat(running).hasSize(4);
    }

    @Test
    void cancelledCatchUpReleasesItsPermit() {
        Disposable first = start();
        start();
        Disposable waiting = start();
        start();

        waiting.dispose();
        first.dispose();

        assertThat(running).hasSize(3);
        running.get(1).tryEmitEmpty();
        running.get(2).tryEmitEmpty();
        start();
        start();
        start();
        assertThat(running).hasSize(5);
    }

    @Test
    void catchUpWithoutPermitsRunsAtOnce() {
        List<Integer> passed = new ArrayList<>();

        CatchUpPermits.limit(Flux.just(1, 2)).subscribe(passed::add);

        assertThat(passed).containsExactly(1, 2);
    }

    private Disposable start() {
        Flux<Void> each = Flux.defer(() -> {
            Sinks.Empty<Void> end = Sinks.empty();
            running.add(end);
            return end.asMono().flux();
        });
        return CatchUpPermits.limit(each).contextWrite(permits::writeTo).subscribe(nothing -> {}, failure -> {});
    }
}
