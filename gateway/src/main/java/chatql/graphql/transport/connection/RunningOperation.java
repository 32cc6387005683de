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
 * One running operation of one client. It holds at most one event, and requests the next when that one is sent. After
 * its end or its cancellation it sends nothing. Belongs to the event loop of its client's channel, except for the
 * signals of its source, which come from any thread.
 */
public final class RunningOperation {

    /** What an operation uses of its client. */
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
    private byte @Nullable [] lastMessage;
    private EndReason endReason = EndReason.COMPLETED;
    private boolean completing;
    private boolean ended;

    /** @param release called once, after the operation's last message; not called when it is cancelled */
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

    /** Ends the operation without sending anything. */
    public void cancel(EndReason reason) {
        if (!ended) {
            endReason = reason;
            end();
        }
    }

    /** Ends a subscription as if its source had completed; a query or a mutation continues until it is answered. */
    public void complete() {
        completing = true;
        if (!ended && stream != null) {
            endReason = EndReason.DRAINED;
            endWith(operationEncoder.complete());
        }
    }

    /** Sends the waiting answer or event: {@link OutboundQueue} calls this when there is room. */
    void takeTurn() {
        EventResult sent = event;
        byte[] next = next();
        if (next == null) {
            return;
        }
        client.outboundQueue().write(next);
        if (sent != null && sent.event().payload() != null) {
            client.transportMetrics().delivered(sent.event().happened());
            sent.event().handedOver().run();
        }
        if (lastMessage != null) {
            endWith(lastMessage);
        } else if (stream != null) {
            requestNext(stream);
        }
    }

    /** Requests the next event; where the client's share of waiting bytes is full, only after it has taken some. */
    private void requestNext(Stream from) {
        if (client.outboundQueue().hasRoom()) {
            from.request(1);
        } else {
            client.outboundQueue().whenRoom(() -> from.request(1));
        }
    }

    /**
     * The next message; null where there is none, or where the operation has ended. An event is encoded when it is
     * sent: while it waits, all of its subscribers share it.
     */
    private byte @Nullable [] next() {
        byte[] next = answer;
        if (event != null) {
            next = encoded(event);
            client.outboundQueue().expect(-event.event().bytes());
            event = null;
        }
        answer = null;
        return ended ? null : next;
    }

    private byte @Nullable [] encoded(EventResult result) {
        try {
            byte[] next = operationEncoder.next(result.result(), result.event().id());
            client.outboundQueue().hold(next.length);
            return next;
        } catch (RuntimeException failure) {
            fail(GraphQlErrors.of(failure));
            return null;
        }
    }

    private boolean hasPending() {
        return answer != null || event != null;
    }

    private void finish(byte[] message, EndReason reason) {
        lastMessage = message;
        if (!ended) {
            endReason = reason;
        }
        if (!ended && !hasPending()) {
            endWith(message);
        }
    }

    private void subscribe(Publisher<ExecutionResult> source, Context context) {
        if (ended) {
            return;
        }
        if (completing) {
            endWith(operationEncoder.complete());
            return;
        }
        // The execution has completed, and would otherwise be kept for as long as the stream lives.
        execution = null;
        reservation.live();
        // The stream runs each message on the loop in any case: another thread would be one more to wake.
        stream = new Stream(client.outboundQueue().writeTo(context));
        client.connectionRegistry().subscribed(client.transport());
        client.transportMetrics().started();
        source.subscribe(stream);
    }

    private void endWith(byte[] message) {
        end();
        client.outboundQueue().sendMessage(message);
        release.run();
    }

    private void end() {
        ended = true;
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
        // Never run directly, not even on the loop: a later signal must not overtake a queued one.
        client.loop().execute(step);
    }

    /** Ends the operation with these errors; callable from any thread. */
    public void fail(List<GraphQLError> errors) {
        byte[] message = operationEncoder.error(errors);
        onLoop(() -> finish(message, EndReason.of(errors)));
    }

    private void answer(GraphQlRequestBody body, ExecutionResult result) {
        if (hasNotStarted(body, result)) {
            fail(result.getErrors());
            return;
        }
        byte[] next = operationEncoder.next(result, null);
        reservation.answer(next.length, body);
        byte[] message = operationEncoder.complete();
        onLoop(() -> {
            // From now on, the connection counts the bytes of the answer.
            reservation.release();
            if (!ended) {
                // The last message is set first, so that both are sent together.
                lastMessage = message;
                answer = next;
                client.outboundQueue().hold(next.length);
                client.outboundQueue().ready(this);
            }
        });
    }

    /** A request that fails validation has no data; a subscription whose source fails has only null as data. */
    private static boolean hasNotStarted(GraphQlRequestBody body, ExecutionResult result) {
        return !result.isDataPresent() || (result.getData() == null && body.isSubscription());
    }

    /** Receives the result of the operation's execution. */
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

    /** Receives a subscription's results, one at a time. */
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
            // Counted before the loop runs, so that the connection's next event includes it.
            client.outboundQueue().expect(bytes);
            onLoop(() -> {
                if (ended) {
                    client.outboundQueue().expect(-bytes);
                } else {
                    event = next;
                    client.outboundQueue().ready(RunningOperation.this);
                }
            });
        }

        @Override
        protected void hookOnComplete() {
            byte[] message = operationEncoder.complete();
            onLoop(() -> finish(message, EndReason.COMPLETED));
        }

        @Override
        protected void hookOnError(Throwable failure) {
            fail(GraphQlErrors.of(failure));
        }
    }
}
