package chatql.kafka.peer;

import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.kafka.consistency.PartitionMigrating;
import chatql.user.AccessDenied;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Batches the inbox queries to one pod. After the loss of another pod all its subscribers query at once, and a request
 * for each would cost more than the answers. Queries that cannot be sent at once therefore share the next request. Each
 * query is answered as soon as possible, without waiting for the others of its batch.
 */
final class InboxBatcher {
    /** The maximum number of queries in one request. */
    static final int MAX_SIZE = 32;

    /** The maximum length of all credentials in one request, in characters. A request with a single query may exceed it. */
    private static final int MAX_CREDENTIALS = 64 * 1024;

    /** How many requests the pod may have that it has not yet acknowledged. More than that may be waiting for answers. */
    private static final int MAX_UNACKNOWLEDGED = 8;

    private final Queue<PendingQuery> waiting = new ArrayDeque<>();
    private final int maxWaiting;
    private final Function<List<PeerProtocol.BatchedInbox>, Flux<PeerProtocol.Answer>> pod;
    private int unacknowledged;

    /**
     * @param maxWaiting how many queries may wait; one more fails
     * @param pod sends a batch to the pod, whose first answer acknowledges the batch
     */
    InboxBatcher(int maxWaiting, Function<List<PeerProtocol.BatchedInbox>, Flux<PeerProtocol.Answer>> pod) {
        this.maxWaiting = maxWaiting;
        this.pod = pod;
    }

    /** Sends the query and emits its page. Errors with {@link HistoryUnavailable} and {@link AccessDenied}. */
    Mono<Page> ask(PeerProtocol.Inbox inbox) {
        return Mono.create(answer -> {
            String authorization =
                    PeerClient.authorization(answer.contextView()).orElse(null);
            var query = new PendingQuery(new PeerProtocol.BatchedInbox(authorization, inbox), answer);
            answer.onCancel(() -> query.cancelled = true);
            if (enqueue(query)) {
                send();
            } else {
                answer.error(new PartitionMigrating(null));
            }
        });
    }

    private static final class PendingQuery {
        private final PeerProtocol.BatchedInbox batchedInbox;
        private final MonoSink<Page> answer;
        private volatile boolean cancelled;

        PendingQuery(PeerProtocol.BatchedInbox batchedInbox, MonoSink<Page> answer) {
            this.batchedInbox = batchedInbox;
            this.answer = answer;
        }

        private int weight() {
            return batchedInbox.authorization() == null
                    ? 0
                    : batchedInbox.authorization().length();
        }

        private void complete(PeerProtocol.Answer received) {
            if (received.page() == null) {
                answer.error(PeerClient.failure(received.status()));
            } else {
                answer.success(received.page().page());
            }
        }
    }

    private synchronized boolean enqueue(PendingQuery query) {
        return waiting.size() < maxWaiting && waiting.add(query);
    }

    private void send() {
        for (List<PendingQuery> next = next(); !next.isEmpty(); next = next()) {
            pod.apply(next.stream().map(query -> query.batchedInbox).toList()).subscribe(new AnswerSubscriber(next));
        }
    }

    /** The next batch; empty if none can be sent now. */
    private synchronized List<PendingQuery> next() {
        if (unacknowledged == MAX_UNACKNOWLEDGED) {
            return List.of();
        }
        List<PendingQuery> next = new ArrayList<>();
        int weight = 0;
        while (!waiting.isEmpty() && next.size() < MAX_SIZE) {
            weight += waiting.element().weight();
            if (weight > MAX_CREDENTIALS && !next.isEmpty()) {
                break;
            }
            PendingQuery query = waiting.remove();
            if (!query.cancelled) {
                next.add(query);
            }
        }
        unacknowledged += next.isEmpty() ? 0 : 1;
        return next;
    }

    private synchronized void requeue(Collection<PendingQuery> queries) {
        waiting.addAll(queries);
    }

    private void acknowledged() {
        synchronized (this) {
            unacknowledged--;
        }
        send();
    }

    /** Receives the answers to one batch and holds the queries that are still open. */
    private final class AnswerSubscriber extends BaseSubscriber<PeerProtocol.Answer> {
        private final Map<Integer, PendingQuery> open = new HashMap<>();
        private boolean acknowledged;

        AnswerSubscriber(List<PendingQuery> queries) {
            for (PendingQuery query : queries) {
                open.put(open.size(), query);
            }
        }

        @Override
        protected void hookOnNext(PeerProtocol.Answer answer) {
            acknowledge();
            PendingQuery query = open.remove(answer.of());
            if (query != null) {
                query.complete(answer);
            }
        }

        @Override
        protected void hookOnComplete() {
            unanswered(null);
        }

        /**
         * The pod rejects a whole request if the credentials of its first query are no longer valid. The other queries
         * are sent again without that one.
         */
        @Override
        protected void hookOnError(Throwable failure) {
            if (acknowledged || !(failure instanceof AccessDenied)) {
                unanswered(failure);
            } else {
                Objects.requireNonNull(open.remove(0)).answer.error(failure);
                requeue(open.values());
                acknowledge();
            }
        }

        private void unanswered(@Nullable Throwable cause) {
            open.values().forEach(query -> query.answer.error(new PartitionMigrating(cause)));
            acknowledge();
        }

        private void acknowledge() {
            if (!acknowledged) {
                acknowledged = true;
                acknowledged();
            }
        }
    }
}
