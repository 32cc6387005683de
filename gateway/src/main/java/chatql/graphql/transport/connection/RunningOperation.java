package chatql.graphql.transport.connection;

import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.graphql.transport.request.EventResult;
import chatql.graphql.transport.request.GraphQlErrors;
import chatql.graphql.transport.request.GraphQlRequestBody;
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
public final class RunningOperation {

    /** What an operation needs of the client it runs for. */
    public record Client(
            EventLoop loop,
            OutboundQueue outboundQueue,
            ConnectionRegistry connectionRegistry,
            Transport transport,
            TransportMetrics transportMetrics) {}

    private final Client client;
    private final OperationEncoder operationEncoder;
    private final Reservation reservation;
    private final Runnable release;
    private @Nullable Disposable execution;
    private @Nullable Stream stream;
    private byte @Nullable [] answer;
    private @Nullable EventResult event;
    private byte @Nullable [] farewell;
    private EndReason endReason = EndReason.COMPLETED;
    private boolean completing;
    private boolean over;

    /** @param release called once, when the operation has said its last word; not when it is cancelled. */
    public RunningOperation(
            Client client, OperationEncoder operationEncoder, OperationContext context, Runnable release) {
        this.client = client;
        this.operationEncoder = operationEncoder;
        this.reservation = context.reservation();
        this.release = release;
        client.connectionRegistry().started();
    }

    public void start(GraphQlRequestBody body, Mono<ExecutionResult> response, ContextView context) {
        Answer answer = new Answer(body, Context.of(context));
        execution = answer;
        response.subscribe(answer);
    }

    /** Ends it without another word. */
    public void cancel(EndReason why) {
        if (!over) {
            endReason = why;
            end();
        }
    }

    /** Ends a subscription as if its source had ended; a query or a mutation runs on to its answer. */
    public void complete() {
        completing = true;
        if (!over && stream != null) {
            endReason = EndReason.DRAINED;
            conclude(operationEncoder.complete());
        }
    }

    /** Sends the event that waits: called by {@link OutboundQueue} when there is room. */
    void takeTurn() {
        EventResult sent = event;
        byte[] next = next();
        if (next == null) {
            return;
        }
        client.outboundQueue().write(next);
        if (sent != null) {
            client.transportMetrics().delivered(sent.event().happened());
            sent.event().handedOver().run();
        }
        if (farewell != null) {
            conclude(farewell);
        } else if (stream != null) {
            requestNext(stream);
        }
    }

    /** A client with its share of events to take is sent nothing more until it has taken some. */
    private void requestNext(Stream from) {
        if (client.outboundQueue().hasRoom()) {
            from.request(1);
        } else {
            client.outboundQueue().whenRoom(() -> from.request(1));
        }
    }

    /**
     * What goes out now; null where there is nothing, or no more. An event is written as text when its turn has come: while
     * it waits, all who wait for it share it.
     */
    private byte @Nullable [] next() {
        byte[] next = answer;
        if (event != null) {
            next = written(event);
            client.outboundQueue().expect(-event.event().bytes());
            event = null;
        }
        answer = null;
        return over ? null : next;
    }

    private byte @Nullable [] written(EventResult result) {
        try {
            byte[] next = operationEncoder.next(result.result(), result.event().id());
            client.outboundQueue().hold(next.length);
            return next;
        } catch (RuntimeException failure) {
            fail(GraphQlErrors.of(failure));
            return null;
        }
    }

    private boolean isUnread() {
        return answer != null || event != null;
    }

    private void finished(byte[] lastWord, EndReason why) {
        farewell = lastWord;
        if (!over) {
            endReason = why;
        }
        if (!over && !isUnread()) {
            conclude(lastWord);
        }
    }

    private void subscribe(Publisher<ExecutionResult> source, Context context) {
        if (over) {
            return;
        }
        if (completing) {
            conclude(operationEncoder.complete());
            return;
        }
        // What it was answered by is over, and would be kept for as long as the stream lives.
        execution = null;
        reservation.live();
        // It passes each message on by the loop in any case: another thread would be one more to wake.
        stream = new Stream(client.outboundQueue().writeTo(context));
        client.connectionRegistry().subscribed(client.transport());
        client.transportMetrics().started();
        source.subscribe(stream);
    }

    private void conclude(byte[] lastWord) {
        end();
        client.outboundQueue().sendMessage(lastWord);
        release.run();
    }

    private void end() {
        over = true;
        if (answer != null) {
            client.outboundQueue().drop(answer.length);
        }
        if (event != null) {
            client.outboundQueue().expect(-event.event().bytes());
        }
        answer = null;
        event = null;
        reservation.release();
        client.connectionRegistry().ended();
        client.outboundQueue().forget(this);
        if (execution != null) {
            execution.dispose();
        }
        if (stream != null) {
            stream.dispose();
            client.connectionRegistry().unsubscribed(client.transport());
            client.transportMetrics().ended(endReason);
        }
    }

    private void onLoop(Runnable step) {
        // Never directly, not even on the loop: a later signal must not overtake one that is queued.
        client.loop().execute(step);
    }

    /** Ends it with these; from any thread. */
    public void fail(List<GraphQLError> errors) {
        byte[] lastWord = operationEncoder.error(errors);
        onLoop(() -> finished(lastWord, EndReason.of(errors)));
    }

    private void answer(GraphQlRequestBody body, ExecutionResult result) {
        if (neverBegan(body, result)) {
            fail(result.getErrors());
            return;
        }
        byte[] next = operationEncoder.next(result, null);
        reservation.answer(next.length, body);
        byte[] lastWord = operationEncoder.complete();
        onLoop(() -> {
            // From now on the connection counts it.
            reservation.release();
            if (!over) {
                // First what comes last, so that both go out at once.
                farewell = lastWord;
                answer = next;
                client.outboundQueue().hold(next.length);
                client.outboundQueue().ready(this);
            }
        });
    }

    /** A request that fails its checks has no data at all; a subscription whose source fails has none but null. */
    private static boolean neverBegan(GraphQlRequestBody body, ExecutionResult result) {
        return !result.isDataPresent() || (result.getData() == null && body.isSubscription());
    }

    /** Listens for the response to the request. */
    private final class Answer extends BaseSubscriber<ExecutionResult> {

        private final GraphQlRequestBody body;
        private final Context context;

        Answer(GraphQlRequestBody body, Context context) {
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
                onLoop(() -> subscribe((Publisher<ExecutionResult>) source, context));
            } else {
                answer(body, result);
            }
        }

        @Override
        protected void hookOnError(Throwable failure) {
            fail(GraphQlErrors.of(failure));
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
            EventResult next = EventResult.of(result);
            int bytes = next.event().bytes();
            // At once, so that the connection's next event finds it counted.
            client.outboundQueue().expect(bytes);
            onLoop(() -> {
                if (over) {
                    client.outboundQueue().expect(-bytes);
                } else {
                    event = next;
                    client.outboundQueue().ready(RunningOperation.this);
                }
            });
        }

        @Override
        protected void hookOnComplete() {
            byte[] lastWord = operationEncoder.complete();
            onLoop(() -> finished(lastWord, EndReason.COMPLETED));
        }

        @Override
        protected void hookOnError(Throwable failure) {
            fail(GraphQlErrors.of(failure));
        }
    }
}
