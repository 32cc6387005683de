package chatql.kafka.query;

import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.kafka.store.UsernameClaim;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.metrics.Meters;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.UserSearch;
import chatql.user.Username;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Measures the latency of queries, and counts those that fail. */
public record MeteredQueries(StoreQueries storeQueries, Watches watches) implements StoreQueries {
    @Override
    public Mono<Page> timeline(UserId user, PageRequest pageRequest, Map<Integer, Long> written) {
        return watches.timeline().time(storeQueries.timeline(user, pageRequest, written));
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return watches.inbox().time(storeQueries.inbox(user, after, end));
    }

    @Override
    public Mono<DuplicateLookup> duplicateLookup(Draft.Identity identity) {
        return watches.first().time(storeQueries.duplicateLookup(identity));
    }

    @Override
    public Mono<UsernameClaim> claim(Username claimed, long offset) {
        return watches.name().time(storeQueries.claim(claimed, offset));
    }

    @Override
    public Mono<UserPage> confusable(int partition, Username name) {
        return watches.alike().time(storeQueries.confusable(partition, name));
    }

    @Override
    public Mono<UserPage> names(int partition, UserSearch userSearch) {
        return watches.names().time(storeQueries.names(partition, userSearch));
    }

    /** One timer for each kind of query. */
    public record Watches(Watch timeline, Watch inbox, Watch first, Watch name, Watch alike, Watch names) {
        /** For queries to the stores of this pod. */
        public static Watches local(MeterRegistry registry) {
            return of(kind -> Watch.of(registry, kind, "local"));
        }

        /** For queries to another pod. Each takes a hop, alone or in a batch. */
        public static Watches remote(MeterRegistry registry) {
            return of(kind -> Watch.of(registry, kind, "remote"));
        }

        private static Watches of(Function<String, Watch> watch) {
            return new Watches(
                    watch.apply("timeline"),
                    watch.apply("inbox"),
                    watch.apply("duplicate_lookup"),
                    watch.apply("name"),
                    watch.apply("alike"),
                    watch.apply("names"));
        }
    }

    /** Measures one kind of query. */
    record Watch(Timer answered, Counter failed) {
        static Watch of(MeterRegistry registry, String kind, String where) {
            return new Watch(
                    Meters.HISTORY_QUERY.timer(registry, kind, where),
                    Meters.HISTORY_QUERY_ERRORS.counter(registry, kind, where));
        }

        <T> Mono<T> time(Mono<T> answer) {
            return Mono.defer(() -> {
                long start = System.nanoTime();
                return answer.doOnSuccess(found -> answered.record(System.nanoTime() - start, TimeUnit.NANOSECONDS))
                        .doOnError(failure -> failed.increment());
            });
        }
    }
}
