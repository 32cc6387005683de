package chatql.graphql.transport;

import chatql.delivery.Handover;
import chatql.graphql.transport.Connections.Transport;
import graphql.ExecutionResult;
import graphql.GraphQLError;
import io.netty.channel.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One running operation of one client. It holds at most one event: the next is asked for when that one went out. Once it
 * is over, or was cancelled, nothing more is said. Belongs to the event loop of its client's channel, except where its
 * source reports, from any thread.
 */
final class Operation {

    /** What an operation needs of the client it runs for. */
    record Client(EventLoop loop, Outbound outbound, Connections connections, Transport transport, Traffic traffic) {}

    private final Client client;
    private final Wording wording;
    private final EventIds ids;
    private final Runnable release;
    private @Nullable Disposable execution;
    private @Nullable Stream stream;
    private byte @Nullable [] event;
    private EventIds.Event named = EventIds.Event.UNNAMED;
    private byte @Nullable [] farewell;
    private Ending ending = Ending.COMPLETED;
    private boolean completing;
    private boolean over;

    /** @param release called once, when the operation has said its last word; not when it is cancelled. */
    Operation(Client client, Wording wording, EventIds ids, Runnable release) {
        this.client = client;
        this.wording = wording;
        this.ids = ids;
        this.release = release;
    }

    void start(OperationBody body, Mono<ExecutionResult> response, ContextView context) {
        client.connections().started();
        Answer answer = new Answer(body, Context.of(context));
        execution = answer;
        response.subscribe(answer);
    }

    /** Ends it without another word. */
    void cancel(Ending why) {
        if (!over) {
            ending = why;
            end();
        }
    }

    /** Ends a subscription as if its source had ended; a query or a mutation runs on to its answer. */
    void complete() {
        completing = true;
        if (!over && stream != null) {
            ending = Ending.DRAINED;
            conclude(wording.complete());
        }
    }

    /** Sends the event that waits: called by {@link Outbound} when there is room. */
    void takeTurn() {
        if (over || event == null) {
            return;
        }
        client.outbound().write(event);
        event = null;
        if (stream != null) {
            client.traffic().delivered(named.happened());
            named.handedOver().run();
        }
        if (farewell != null) {
            conclude(farewell);
        } else if (stream != null) {
            stream.request(1);
        }
    }

    private void arrived(byte[] next) {
        if (!over) {
            event = next;
            client.outbound().ready(this);
        }
    }

    private void finished(byte[] lastWord, Ending why) {
        farewell = lastWord;
        if (!over) {
            ending = why;
        }
        if (!over && event == null) {
            conclude(lastWord);
        }
    }

    private void listen(Publisher<ExecutionResult> source, Context context) {
        if (over) {
            return;
        }
        if (completing) {
            conclude(wording.complete());
            return;
        }
        // What it was answered by is over, and would be kept for as long as the stream lives.
        execution = null;
        // It passes each message on by the loop in any case: another thread would be one more to wake.
        stream = new Stream(Handover.on(client.loop(), context));
        client.connections().subscribed(client.transport());
        client.traffic().started();
        source.subscribe(stream);
    }

    private void conclude(byte[] lastWord) {
        end();
        client.outbound().say(lastWord);
        release.run();
    }

    private void end() {
        over = true;
        event = null;
        client.connections().ended();
        client.outbound().forget(this);
        if (execution != null) {
            execution.dispose();
        }
        if (stream != null) {
            stream.dispose();
            client.connections().unsubscribed(client.transport());
            client.traffic().ended(ending);
        }
    }

    private void onLoop(Runnable step) {
        // Never directly, not even on the loop: a later signal must not overtake one that is queued.
        client.loop().execute(step);
    }

    /** Ends it with these; from any thread. */
    void fail(List<GraphQLError> errors) {
        byte[] lastWord = wording.error(errors);
        onLoop(() -> finished(lastWord, Ending.of(errors)));
    }

    private void answer(OperationBody body, ExecutionResult result) {
        if (neverBegan(body, result)) {
            fail(result.getErrors());
            return;
        }
        byte[] next = wording.next(result, null);
        byte[] lastWord = wording.complete();
        onLoop(() -> {
            // First what comes last, so that both go out at once.
            farewell = lastWord;
            arrived(next);
        });
    }

    /** A request that fails its checks has no data at all; a subscription whose source fails has none but null. */
    private static boolean neverBegan(OperationBody body, ExecutionResult result) {
        return !result.isDataPresent() || (result.getData() == null && body.isSubscription());
    }

    /** Listens for the response to the request. */
    private final class Answer extends BaseSubscriber<ExecutionResult> {

        private final OperationBody body;
        private final Context context;

        Answer(OperationBody body, Context context) {
            this.body = body;
            this.context = context;
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        @SuppressWarnings("unchecked")
        protected void hookOnNext(ExecutionResult result) {
            if (result.getData() instanceof Publisher<?> source) {
                onLoop(() -> listen((Publisher<ExecutionResult>) source, context));
            } else {
                answer(body, result);
            }
        }

        @Override
        protected void hookOnError(Throwable failure) {
            fail(Errors.of(failure));
        }
    }

    /** Listens to a subscription's results, one at a time. */
    private final class Stream extends BaseSubscriber<ExecutionResult> {

        private final Context context;

        Stream(Context context) {
            this.context = context;
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(1);
        }

        @Override
        protected void hookOnNext(ExecutionResult result) {
            EventIds.Event taken = ids.take();
            byte[] next = wording.next(result, taken.id());
            onLoop(() -> {
                named = taken;
                arrived(next);
            });
        }

        @Override
        protected void hookOnComplete() {
            byte[] lastWord = wording.complete();
            onLoop(() -> finished(lastWord, Ending.COMPLETED));
        }

        @Override
        protected void hookOnError(Throwable failure) {
            fail(Errors.of(failure));
        }
    }
}
