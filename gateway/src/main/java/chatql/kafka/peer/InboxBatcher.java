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
 * Asks a pod for inboxes. After another pod was lost all its subscribers ask at once, and a request for each would cost
 * more than the answers: so what can't be asked at once goes with the next request, many in one. Each is answered as soon
 * as it can be, and none waits for another's answer.
 */
final class InboxBatcher {
    /** How many questions one request has. */
    static final int MAX_SIZE = 32;

    /** How many characters of credentials one request has, unless it has one question only. */
    private static final int HEAVIEST = 64 * 1024;

    /** How many requests may be on their way to the pod at once. They may be many more once it has heard them. */
    private static final int ON_THE_WAY = 8;

    private final Queue<Question> waiting = new ArrayDeque<>();
    private final int most;
    private final Function<List<PeerProtocol.BatchedInbox>, Flux<PeerProtocol.Answer>> pod;
    private int onTheWay;

    /**
     * @param most how many questions may wait; one more fails
     * @param pod asks the pod; first it says that it has heard the questions
     */
    InboxBatcher(int most, Function<List<PeerProtocol.BatchedInbox>, Flux<PeerProtocol.Answer>> pod) {
        this.most = most;
        this.pod = pod;
    }

    /** The answer. Errors with {@link HistoryUnavailable} and {@link AccessDenied}. */
    Mono<Page> ask(PeerProtocol.Inbox inbox) {
        return Mono.create(answer -> {
            String authorization = PeerClient.shown(answer.contextView()).orElse(null);
            var question = new Question(new PeerProtocol.BatchedInbox(authorization, inbox), answer);
            answer.onCancel(() -> question.cancelled = true);
            if (isTaken(question)) {
                send();
            } else {
                answer.error(new PartitionMigrating(null));
            }
        });
    }

    private static final class Question {
        private final PeerProtocol.BatchedInbox batchedInbox;
        private final MonoSink<Page> answer;
        private volatile boolean cancelled;

        Question(PeerProtocol.BatchedInbox batchedInbox, MonoSink<Page> answer) {
            this.batchedInbox = batchedInbox;
            this.answer = answer;
        }

        private int weight() {
            return batchedInbox.authorization() == null
                    ? 0
                    : batchedInbox.authorization().length();
        }

        private void answered(PeerProtocol.Answer given) {
            if (given.page() == null) {
                answer.error(PeerClient.failure(given.status()));
            } else {
                answer.success(given.page().page());
            }
        }
    }

    private synchronized boolean isTaken(Question question) {
        return waiting.size() < most && waiting.add(question);
    }

    private void send() {
        for (List<Question> next = next(); !next.isEmpty(); next = next()) {
            pod.apply(next.stream().map(question -> question.batchedInbox).toList())
                    .subscribe(new Answers(next));
        }
    }

    /** What the next request asks; nothing where there is none to be sent now. */
    private synchronized List<Question> next() {
        if (onTheWay == ON_THE_WAY) {
            return List.of();
        }
        List<Question> next = new ArrayList<>();
        int weight = 0;
        while (!waiting.isEmpty() && next.size() < MAX_SIZE) {
            weight += waiting.element().weight();
            if (weight > HEAVIEST && !next.isEmpty()) {
                break;
            }
            Question question = waiting.remove();
            if (!question.cancelled) {
                next.add(question);
            }
        }
        onTheWay += next.isEmpty() ? 0 : 1;
        return next;
    }

    private synchronized void askAgain(Collection<Question> questions) {
        waiting.addAll(questions);
    }

    private void heard() {
        synchronized (this) {
            onTheWay--;
        }
        send();
    }

    /** To the questions of one request, of which it knows those that are still open. */
    private final class Answers extends BaseSubscriber<PeerProtocol.Answer> {
        private final Map<Integer, Question> open = new HashMap<>();
        private boolean heard;

        Answers(List<Question> questions) {
            for (Question question : questions) {
                open.put(open.size(), question);
            }
        }

        @Override
        protected void hookOnNext(PeerProtocol.Answer answer) {
            hear();
            Question question = open.remove(answer.of());
            if (question != null) {
                question.answered(answer);
            }
        }

        @Override
        protected void hookOnComplete() {
            unanswered(null);
        }

        /** The pod reads no request whose first question shows what isn't good any more: the others go without it. */
        @Override
        protected void hookOnError(Throwable failure) {
            if (heard || !(failure instanceof AccessDenied)) {
                unanswered(failure);
            } else {
                Objects.requireNonNull(open.remove(0)).answer.error(failure);
                askAgain(open.values());
                hear();
            }
        }

        private void unanswered(@Nullable Throwable why) {
            open.values().forEach(question -> question.answer.error(new PartitionMigrating(why)));
            hear();
        }

        private void hear() {
            if (!heard) {
                heard = true;
                heard();
            }
        }
    }
}
